"""Patterns of agent sentences that help or value: how they are written, see `patterns`."""

from __future__ import annotations

from calltone.analysis.patterns import family

REASSURE = family(
    r"""
    (?:do not|no need to|need not|try not to|nothing to|never|no reason to|do not you|not have to
        |please do not) (?:you )?(?:worry|panic|stress|lose sleep|be (?:worried|concerned|scared
        |alarmed|afraid)|feel (?:bad|guilty|silly|embarrassed|rushed)|apologise|be embarrassed
        |concern yourself)
    no stress
    (?:no|not in any|there is no|not any) (?:rush|hurry|pressure|rushing)
    (?:rest|you can be|be) assured|i (?:can |do )?(?:assure|promise|guarantee)(?: you)?
        |that is a promise|you have my word|i can confirm you (?:are|will)
    take (?:your|all the|as much) time|take (?:as long as|it slow|it easy|a (?:deep |big )?breath)
    <start>(?:please |just )?take a (?:minute|moment|second)
    (?:as (?:long|slowly|much time) as you|whenever you are ready|at your own pace
        |in your own time)(?: (?:need|like|want))?
    (?:in )(?:very )?(?:safe|good|capable) hands
    (?:it|everything|things) (?:will|is going to|are going to) (?:all )?(?:be|turn out
        |work out) <adv>(?:fine|okay|all right|sorted|resolved|taken care of|well)
    you (?:will|are going to) be <adv>(?:fine|okay|all right|safe|covered|looked after)
    you will (?:still |soon |definitely )?(?:have|be (?:up|back|able|home|warm)|make it|get (?:it
        |your|this|that)|see it) <four>(?:before|by|back|sorted|fixed|resolved|running|tonight
        |today|tomorrow|in time|out|money|online|works?|working)
    you will not (?:be|lose|have to|need to|miss) <four>(?:without|charged|left|alone|penny
        |anything|worry|money|again)
    you will make it|we will get (?:there|through)|we will have you <four>(?:by|before|again
        |running|back|online|warm)
    <we_will> (?:make sure|take (?:good )?care of|look after|get to the bottom|work (?:something
        |it|this|that) out|fix (?:it|this|that)|find (?:a|another|some) (?:way|solution)
        |not (?:leave|let|stop|rest)|sort (?:this|it|that|everything)|get (?:this|that|it|you
        |everything) (?:sorted|fixed|resolved|back|working|straightened|through)|figure|get you)
    <i> (?:are|am) <two>(?:certain|confident|sure|positive) (?:that )?(?:we|it|you|this
        |they)(?: can| will)?
    (?:you are|you will be|your <two>(?:is|are|stays)|money is|data is
        |everything is) <two>(?:safe|protected|secure|in good hands|covered|not (?:alone|liable
        |on your own|in trouble|responsible)|not at risk|okay)
    you (?:will|would|can) not (?:be (?:charged|left|penalised|cut|without|out of pocket|liable)
        |lose|break|do any harm|miss)
    (?:nobody|no one) (?:is going to|will|can|is judging)
    (?:there is )?no (?:wrong|right|silly|stupid|such thing as a (?:silly|stupid)|bad) (?:answer
        |question|way|questions)
    (?:it|that|this|noise|which) (?:is|sounds) <adv>(?:easy|quick|simple|fixable|normal|common
        |standard|straightforward|usual) <two>(?:one|fix|to (?:put|fix|sort|solve|resolve)|thing
        |problem|issue)
    (?:is|are) (?:very|perfectly|quite|completely|totally|really) (?:fixable|normal|common|safe)
    happens (?:to (?:everyone|all of us|the best|a lot of)|all the time|a lot|more often)
    (?:we|everyone|everybody) (?:have |has )?(?:all )(?:been there|done (?:it|that)|forgotten|had)
    (?:we have|i have) (?:seen|had|dealt with) <four>(?:times|before|every day|all the time)
    you (?:did|have done|are doing) (?:the right thing|nothing wrong|everything right|fine|great
        |really well|well)
    help is on (?:its|it is|the) way
    <i> (?:am|are) (?:right |still |always )?(?:here (?:for|to help|with|if)|staying with you
        |not going anywhere|right here)
    that is what (?:we|i) (?:are|am) here for|what we are here for
    (?:plenty of|we have|still|got) (?:plenty of |lots of |all the )time
    (?:every|good|very good) chance
    you are not (?:on your own|alone|in trouble|the (?:only|first))
    (?:does|will|can) (?:it )?get (?:easier|better)
    (?:will|can|does) not (?:take|be) (?:long|a minute|a moment|much longer|a problem)
        |nearly always|nine times out of ten
    it is (?:all right|okay)(?: to (?:cry|feel|be|ask|take|say|not))?(?= [.]|$| to| there| sir
        | i am| take)
    however you <two>(?:is|it is) (?:okay|fine|all right)
    looks? (?:scarier|worse) than
    you do not have to (?:tell|decide|have all|do (?:it|this|that|anything) (?:alone|now|today)
        |answer|explain yourself|go through)
    there is nothing wrong with (?:your|you)
    we (?:will|can) (?:fix|sort|solve|go through|get through|work through) (?:it|this|that
        |them)(?: together| one| step| out)?
    (?:stays?|remains?) (?:yours|in your|safe)
    (?:strong position|come out (?:with|fine|the other)|all in hand|under control)
    """,
    r"""
    (?:could|can|would|will|please) <four>take (?:your|a) (?:call|photo|look|seat)
        |take your (?:payment|details|name|number|order)
    (?:do not|i would not) worry about (?:it bye|a)|i would not worry
    (?:is|are) (?:it|that|this) (?:all right|okay|safe|covered)
    it is (?:okay|all right) (?:so|and|but|the|i (?:have|see)|now|what|can|could|if)
    not have to (?:worry )?do anything else
    (?:no|not) (?:worries|problem) <two>(?:number|name|postcode|address|date)
    will <four>(?:back by|by) (?:email|post|text)
    if i (?:do|can) (?:promise|assure)|can not (?:promise|guarantee|assure)|i (?:do|could|will
        |would) not (?:promise|guarantee|assure)
    get you <two>(?:name|number|details)|get your <two>(?:name|number|details|postcode|address
        |date)
    """,
)

OWN = family(
    r"""
    <will> <adv>(?:(?:personally|now|gladly|happily|straight away|go and|get|go ahead and) )*<act>
    <i> (?:will|shall) (?:see to|deal with|let you know|be (?:back|in touch|calling|sending)
        |get back|be with you|look into)
    <i> (?:am|are) (?:just |now |already |currently |going to |also )*<acting>
    <i> (?:have )(?:just |now |already |also )*<acted>
    <i> just <acted>
    (?:let|allow) (?:me|us) <adv>(?:quickly |personally |go and |go ahead and |now )*<act>
    leave (?:it|this|that) (?:with|to) me
    (?:bear with me|give me|hang on|hold on|one moment|just a moment|a moment) <four>(?:while|and
        |because) (?:i|ill) (?:\w+)
    <i> (?:am|are) (?:booking|taking|making|keeping) <two>[^ .?]+
    i am (?:on it|taking ownership)|consider it done|that is done for you
    <i> (?:promise|guarantee|commit) to
    you will (?:have|get|receive) <four>(?:from me|from us|call back|refund|letter|replacement)
    at our (?:own )?(?:cost|expense)
    """,
    r"""
    let me (?:know|have your|get your|take (?:your|some|down)|just (?:get|take) (?:your|some
        |down)|ask you|see (?:it|what you|here|so)|confirm your|tell you|put it)
    <will> <two>(?:ask|need|require|have to|be asked) ?(?:you|your)?
    (?:have|get|got|put|hold|run|take|call|confirm|check|update|change) (?:you down|your (?:name
        |date|number|address|postcode|details|account number)|you on hold|you through security)
    <i> have (?:got|put) (?:that|it|you|your|a|the|two|three|other|only|not|another|a queue|to)
    <i> (?:have|are|am) (?:made|found|changed|taken|called|got|asked|sent) (?:it|you|us|a mistake
        |that)? ?(?:clear|already|twice|three|many|several|wrong|the wrong)
    <i> (?:will|shall|am|are|have|would) (?:not|never|only)
    (?:going to|will) have to
    <i> (?:would|will) (?:do|make) not
    <will> (?:do|make|take|put|have|call|hold) (?:it sound|no|nothing|long|days|forever)
    (?:if|when|unless|because) <i> (?:will |would |have |am )?(?:<act>|<acting>|<acted>)
    not <will>|what (?:i|we) (?:will|am|are)
    # Comfort, not an act.
    <we_will> (?:get (?:you|this|it|that|everything|to)|find a|work|take care|make sure
        |look after|fix (?:it|this)|sort (?:this|it))<two>
    let us <seven>
    already <two>(?:gave|told|said|sent)
    make sure (?:that )?i (?:have|got|understand|understood)
    sent you (?:the )?wrong|(?:sent|charged|put|booked|ordered) you (?:the (?!form|link|label
        |email|details)|to the wrong)
    <i> (?:am|are) (?:calling|ringing|phoning|speaking|taking (?:calls|bookings)|writing
        |looking (?:at|forward)|checking (?:in|up)|getting (?:a lot|late|old|tired|nowhere)|holding
        |making (?:sense|progress))
    (?:take|changed|updated|moved|taken) (?:our|your (?:name|number|details|address|payment|card
        |order))
    asked you
    stop (?:asking|talking|here|you)
    """,
)

APPRECIATE = family(
    r"""
    (?:thank you|thanks|grateful|thankful) <adv>(?:(?:very|much|again|a lot|a million|to you
        |indeed) )*for (?:your <two>[^ .?]+|all (?:that|this|of|your)|everything
        |<two>\w+ing <two>[^ .?]+)
    (?:thank you|thanks) <adv>(?:much )?for (?:waiting|holding|being \w+)
    thank you for <two>(?:patience|understanding|honesty|loyalty|feedback)
    <i> <adv>(?:appreciate|value|admire) (?:you|your|how|the (?:way|time|patience|feedback|effort
        |honesty|years|twenty|trust)|that you|it very|everything|all)
    <start>(?:really |so )?appreciate (?:you|your)
    <i> (?:really|truly|do|certainly|sincerely) appreciate (?:it|that|this)
    (?:we|i) (?:am|are) <adv>(?:grateful|thankful|lucky|delighted) (?:you|to you|that you|for)
    (?:well|nicely) done
    (?:good|great|nice|excellent|brilliant|fantastic) (?:job|spot|catch|thinking|work|question
        |idea|point|call|that you|you)
    quick thinking
    you (?:did|have done|are doing|handled|explained|described|have described|managed
        |spotted) <four>(?:well|brilliantly|brilliant|great|amazing|perfectly|better|job
        |impressive)
    you (?:have been|are being|were|are) <adv>(?:more than |a )?(?:patient|helpful|understanding
        |kind|star|gracious|brilliant|wonderful|organised|lovely|great|reasonable)
    (?:that|this|it|what) (?:is|was) <adv>(?:of )?(?:kind(?! of a)|thoughtful|helpful|useful
        |impressive|generous|sweet|huge)(?: of you| info| information)?
    (?:that|which|it) (?:helps|saves|helped|saved) (?:me|us|enormously|a lot|hugely|massively
        |so much)
    that (?:took|takes) <two>(?:guts|courage|bravery)
    <i> (?:am|are) <adv>(?:glad|proud|pleased|happy) (?:of you|that you|you) ?(?:called|told|said
        |reached|rang|asked|mentioned|brought|let|are|have)?
    you have (?:worked|tried) (?:so|really|very) hard
    you care <adv>(?:great|deal|about)|you clearly care
    (?:really |very |super )(?:thorough|helpful|useful|clear) (?:account|info|information
        |description|explanation|detail)
    saved us|saves us
    """,
    r"""
    (?:thank you|thanks) <two>for (?:your |the )?(?:call|calling|name|number|email|e mail|address
        |postcode|details?|info|information|date|reference|account|order|purchase|booking|payment
        |business today|custom|calling|contacting|choosing|ringing|reaching|joining|using
        |shopping|banking|confirming|providing|verifying|getting in touch|flying|staying with us)
    thanks? (?:you )?for (?:being (?:on|with|a|our)|the (?:confirmation|details|name|number)
        |taking (?:my|our|this|the) call|giving me (?:that|your|the))
    (?:good|great|nice) (?:you|call|point) (?:can|have|are|will)
    appreciate (?:that you|you|your) (?:ordered|want|booked|situation|frustration|position
        |concern|concerns|are|have been|may|must|might)
    appreciate how (?:frustrating|upsetting|difficult|hard|annoying|you feel|much)
    (?:it|that|this) is <two>(?:great|helpful|useful) (?:if|to|when)
    (?:is|was) not <two>(?:helpful|kind)
    (?:is|are|would be|be) <two>(?:helpful|useful|kind) (?:if|to)
    """,
)

OFFER = family(
    r"""
    (?:is|was|are|if) there (?:something|anything|any other \w+) <four>(?:else|more|further|other
        |help|assist)
    (?:anything|any thing|something) (?:else|further|more)(?= (?:i|we|that|you|on|acting|with
        |today|at all|for|regarding|before)| [?]|$)
    (?:help|assist) <two>(?:with )?(?:anything|something|any thing|anyone) (?:else|more|further)
    (?:hand|help|assistance|support) with anything
    (?<!what )(?:would|do) you (?:also )?(?:like|want|need|prefer|care for) (?:me|us) to
    want me to
    <start>(?:shall|should) (?:i|we)
    (?:would|will|does) it (?:be )?(?:help|helpful|useful|easier|better)
    if you (?:would )?(?:like|want|prefer|rather|wish|find|need|are interested|fancy) <seven>(?:i
        |we) (?:can|could|will|shall)
    if (?:it|that) would (?:help|be|make) <four>(?:i|we) (?:can|could)
    (?:i|we) (?:can|could) <seven>(?:if (?:you (?:would )?(?:like|want|prefer|find)|that (?:is
        |would)|it)|too|as well|for you too)
    <i> (?:can|could|would be happy to|would be glad to) (?:also|even|always)
    <i> also (?:have|offer|do)
    while (?:you are|i have|we are|i am) (?:here|you|got you|on|at it|in)
    there (?:is|are) (?:also|a (?:cheaper|free|better))
    alternatively|another option|other options?|one option|as an alternative
    what (?:i|we) can (?:do|offer)(?: for you)? is|<i> do have another
    you can always (?:call|ring|come|reach|contact|give us)
    (?:feel free|do not hesitate|please do|welcome) to (?:call|ring|contact|reach|ask|get|come
        |give)
    would you (?:like|prefer|be interested in) (?:a|an|some|to (?:stay|speak|talk|have|try|hear)
        |another|help)
    would (?:that|it|this|a \w+) <four>(?:interest|suit|help|work better|be easier)
    let (?:me|us) know if (?:there is|you (?:need|have|want|would like))
    (?:can|could|may) i (?:help|assist|interest)(?: you)? (?:with|in) (?:a|an|any|anything)
    (?:do you|you) need (?:any )?(?:help|a hand|more|further|any other)
    (?:give us|ring us|call us|come back) <four>(?:any ?time|call if|ring if)
    (?:i am |we are )happy to (?:go|talk|walk|explain|answer|stay)
    any (?:other |further |more )?(?:questions|concerns) (?:i|you|for)
    """,
    r"""
    (?:shall|should) (?:i|we) (?:say|close|cancel|move|not|see|have|be)|should we not
    anything else (?:is|was|has|on the)|if there is anything else wrong
    so if that is all
    there (?:is|are) also (?:a|an|some) <two>(?:charge|fee|cost|note|excess|copay|charges|fees)
    would you like to (?:pay|confirm|go ahead|continue)
    (?:we|i) (?:can|could) not <seven>
    """,
)
