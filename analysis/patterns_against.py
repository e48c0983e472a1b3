"""Patterns of agent sentences that count against: how they are written, see `patterns`."""

from __future__ import annotations

from calltone.analysis.patterns import family

DISMISS = family(
    r"""
    nothing (?:else |more |further )?(?:that )?(?:i|we) can (?:really )?do
    (?:that is|this is|it is|those are
        |these are) (?:just |simply |only )?(?:the |our |company )+(?:policy|policies|rules?
        |procedures?|terms(?: and conditions)?|way it is)
    (?:is|are) (?:company|our|the|against) (?:the )?policy <two>(?:nothing|so|i can)
    (?:the )?rules are (?:the )?rules
    it is (?:just )?(?:company )?policy(?= [.]|$)
    it is what it is|that is (?:just|simply) (?:how|the way) (?:it|things|we)|that is how it is
        |that is life|these things happen|(?:delays|mistakes) happen
    that is (?:that|final)(?= [.]|$)|that is all there is to it|the end of (?:it|the matter
        |that)(?= [.]|$)|end of (?:story|discussion)|decision is final
    (?:not|hardly) (?:the )?end of the world
    it is (?:only|just) (?:a|an|one|your|some) <two>\w+(?= [.]|$)
    (?:only|just) one (?:night|day|charge|parcel)|you will survive|will not kill you
        |it will blow over
    (?:you (?:need|have) to|please|just|madam|sir) (?:calm down|cheer up|get over it|relax
        |live with it|get used to it|be realistic)
    <start>(?:calm down|cheer up|get over it|live with it)
    you will (?:just )?(?:have to|get used to) (?:live with|wait|accept|put up|it|deal with
        |take that up|get over)(?: it)?
    you (?:just|will just|simply) (?:have to|must) (?:wait|live|accept|deal)
    you are (?:just )?(?:overreacting|being (?:dramatic|difficult|unreasonable|silly|emotional
        |ridiculous|oversensitive)|exaggerating|making (?:rather )?(?:a lot|too much|a fuss
        |a big deal|such a))
    making (?:such )?a (?:fuss|big deal|scene)|such a fuss|a fuss about
    no (?:need|use|point|sense) (?:in )?(?:to )?(?:get|getting|be|being) (?:so )?(?:upset|angry
        |emotional|rude|difficult|dramatic|cross|worked up)
    no (?:use|point|sense) (?:in )?(?:complaining|arguing|shouting|crying|discussing|going over)
    (?:complaining|shouting|getting upset|crying|arguing) <two>(?:not|never) (?:change|help|get
        |make)
    (?:not|hardly) (?:my|our|an? \w+) (?:problem|department|concern|responsibility|job|issue)
    (?:can|do) not (?:help (?:you )?with that|help you|deal with that)(?= [.]|$| goodbye| try
        | you will have)
    (?:everyone|everybody|people|other people|others|other customers|lots of people)(?: is
        | are)? (?:has|have|got)? ?(?:it|that|the same)? ?(?:a lot |much |far )?(?:worse|problem)
    (?:everyone|everybody) (?:else )?(?:has to|have to|is in|has) <two>(?:wait|problem|pain|same)
    like (?:everyone|everybody|the rest)(?: else)?
    (?:i )?(?:can not|do not) see (?:why|what)(?: \w+){0,2} (?:bothered|upset|problem|fuss|issue
        |the problem|big deal)
    (?:can not|could not) be that bad|not (?:that|such a|so) (?:bad|big(?: a)? deal|serious|big)
        |no big deal|not a big deal
    i do not (?:know what you (?:expect|want)|care|wish to|want to (?:hear|discuss)|have time for)
    (?:what|how) (?:do|did) you expect (?:me|us)
    i am (?:ending|hanging up|going to (?:hang up|end))
    we are (?:finished|done) here|try somewhere else|go somewhere else|take it or leave it
    i would not (?:worry|make) (?:about|such)
    works (?:fine )?on my \w+|works for everyone
    whatever you say|if you say so
    that is not (?:something we|what we|how we) (?:do|deal)
    """,
    r"""
    not <two>your fault
    (?:is|was) it (?:only|just) (?:a|one)
    do not (?:have|need) to (?:live with|accept|put up with)
    it is (?:only|just) a (?:quick|short|few|matter|moment|minute|formality|couple|second|small
        |tiny|little|precaution|case|reminder|message|email|text|form|question|code|link|call
        |button|click|copy|guess|standard|check|setting)
    policy (?:number|holder|document|documents|starts|renews|covers|for|schedule|wording)
    (?:nothing|anything) (?:we|i) can do to help
    can not (?:help you|deal) <two>(?:until|without)
    not (?:that|so) (?:big|serious) (?:of )?
    if you need to (?:calm|relax)|to (?:live with|get used to)
    no (?:need|use|point) (?:to )?(?:be|get) (?:worried|embarrassed|scared|sorry|to)
    relax and
    """,
)

BLAME = family(
    r"""
    you (?:really )?(?:should|ought to|could|were supposed to
        |were meant to)(?: not)?(?: to)? have (?!to )\w+
    you (?:should|ought to|need to) (?:know better|listen|pay attention)
    you were (?:told|warned|informed|supposed to|meant to)
    if you had (?:not |only |just |actually )?(?!a |any |the |an )\w+ <seven>(?:would|could|might)
    would not (?:have happened|be having this) <four>if you
    if you would (?:have )?(?:only |just |not )?(?:read|listened|told|called|paid|checked|saved
        |followed|kept|sent)
    <start>had you (?!already|noticed|tried|ever)(?:not |only )?\w+
    (?:your|your own|yours) (?:fault|mistake|error|doing|responsibility)
    (?:is|was|are) (?:all |entirely |really )?(?:on|down to) you
    (?:not|hardly) (?:our|my) (?:fault|error|mistake|doing)
    (?:brought|bring|did) (?:this|that|it) (?:on|to) yourself|yourself to (?:blame|thank)
    (?:i|we) (?:have )?already (?:told|explained|said|gave|given|asked|mentioned|informed|sent)
    (?:i|we) (?:have )?(?:told|explained|said|asked
        |informed) (?:to )?(?:you |this |that |it )*(?:already|twice|before|again|\w+ times)
    as i (?:have )?already (?:told|said|explained|mentioned)
    as i (?:have )?(?:told|said|explained|mentioned) <four>(?:times|already|twice|before)
    (?:i|we) did (?:tell|warn|explain|send you|ask you)
    (?:well|but) you did \w+
    you (?:did not|have not|never) (?:even )?(?:read|listen|tell|told|declared?|follow|check|pay
        |paid|answer|respond|reply|bother|mention(?:ed)?|called|sent)\w*
    you (?:obviously|clearly|must have|simply) (?:have )?(?:not )?(?:typed|did|done|put|pressed
        |entered|left|forgot|forgotten|missed|gave|given|made|chose|ignored|lost|deleted|dropped
        |broken|misread|misunderstood)
    you (?:missed|ignored|neglected|failed to|forgot to|gave out|broke|caused) (?:your|the|our|to
        |it|that|cancel|\w+ (?:the|your|it|us|in))
    you (?:arrived|called|paid|applied) (?:too )?late|you bought the wrong
    why (?:did|do|would|have|could) (?:you not|not you)|why (?:would|have) you
        |why did you \w+ <four>(?:everyone|instead|when|without|not)
    did you even|do you even|have you even
    what happens when (?:people|customers|you (?:do not|leave|ignore|forget))
    you (?:keep|kept) (?:on )?(?:making|doing|asking|calling|saying|repeating|changing
        |interrupting)
    (?:irresponsible|careless|silly|foolish|stupid|negligent) of you
    you are not (?:even )?(?:listening|paying attention|making (?:any )?sense)
        |are you (?:even )?listening
    it says (?:so )?(?:quite |very |right )?(?:plainly|clearly|there)|everyone knows
    (?:could|can|will) you (?:just |please )?listen|listen this time
    you never (?:mentioned|told us|said)|for not (?:answering|reading|paying|checking|telling)
    """,
    r"""
    (?:not|never|nobody|no one|isnt) <four>(?:your|your own|yours) (?:fault|mistake|error|doing)
    (?:not|nobody is|no one is) (?:saying|blaming|suggesting) <seven>
    do not (?:think|believe|feel|blame) <seven>
    you (?:should|could|would)(?: not| never)? have (?:to|been|received|got|gotten|had|a|the
        |access|an|your|it|them|seen (?:a|an|the)|any|to) ?
    (?:have|had) you already
    you did not (?:get|receive|deserve|need|do (?:anything|nothing) wrong|make|have)
    why (?:do not|did not) (?:you|we|i) (?:take|try|give|start|go)
    why would you (?:like|want|prefer)
    you were supposed to (?:get|receive|have|be)
    your error (?:message|code|log)
    # A restatement of what the customer went through.
    <start>so you <seven>|sorry (?:that )?you <seven>
    so the <seven>
    you were (?:told|informed) <seven>(?:and|but) (?:then|yet)
    """,
)

RUSH = family(
    r"""
    hurry(?: up)?|speed up|chop chop|get a move on|make it (?:quick|snappy|fast)
    (?:be|go) (?:a (?:bit|little) )?(?:quick|brief|fast|quicker|faster)
    (?:quick|quickly|fast|faster|quicker) (?:please|as you can)|please <two>(?:quick|quickly
        |faster)
    answer (?:quickly|faster|quicker|the question|me|now)
    (?:get|come) (?:straight )?to the point|cut to the chase|short answers
    keep (?:this|it) (?:short|brief|quick)|skip the \w+
    (?:can|could|shall) we (?:please |just )*(?:move on|get on with|wrap|be quick|get going|speed
        |hurry)
    let us (?:just )?(?:get on with|wrap this|keep this|speed|get this over|hurry)
    (?:we|i|really|but we) (?:really |just )?(?:need|have|must|have got
        |are going) (?:to )?(?:wrap|move on|get on|go to the next)(?: (?:up|this|with|now))?
    (?:other|more|\w+) (?:customers|calls|callers|people|chats) <two>(?:waiting|in the queue
        |in line|open|on hold)
    there is a (?:queue|line)(?= [.]| behind| of people|$)|(?:got|have) a (?:queue|line) of
    (?:i|we) (?:do not have|have not got|have no) <two>(?:time|day|night)(?! to lose)
    (?:sit|wait|here|waiting) (?:here )?all (?:day|night)
    (?:running|run) out of time|time is (?:up|running out|money)
    (?:only|just) (?:got|have) (?:got )?\w+ (?:minutes?|seconds?)(?: left)?
    have only got \w+ (?:minutes?|seconds?)(?: left)?
    (?:my|our) shift (?:ends|is over)|i have (?:got )?(?:a|another) (?:meeting|call
        |appointment) (?:in|now|waiting)
    next call now|someone else (?:coming|waiting)|(?:doctor|manager|next \w+) is waiting
    (?:closing|ending|disconnect|disconnecting) (?:this|the) (?:chat|call|line)|(?:i will
        |shall i) (?:just )?(?:close|end|disconnect|hang up)|closing this
    (?:call|chat|ticket) will be (?:closed|disconnected|ended)
    (?:if you do not|unless you) (?:respond|answer|reply|decide) (?:now|within|in|soon)
        |<start>no response
    can not (?:keep waiting|wait (?:all|any|forever|much)|sit here|stay on)
    are you (?:going to (?:answer|tell|decide)|(?:done|finished)(?= [?.]|$))
        |have you finished(?= [?.]|$)
    just (?:answer|say) (?:the|me|it|yes)|<start>just (?:tell|give) me the (?:\w+)(?= [.]|$| skip)
    (?:need|give me|just|please) a? ?yes or (?:a )?no
    <start>come on(?! in| over| at)
    (?:decide|choose) (?:now|today)|please decide|make up your mind|i need <two>now|asap
    (?:spent|been on this|taken|taking|wasted|wasting) (?:long enough|enough time|too long
        |my time)
    next question|what is it you want
    can you just (?:hurry|answer|get to|listen|stop|be quick|speed)
    stop (?:asking|talking|interrupting|going on)
    i asked (?:you )?for <two>so|hello \? hello
    """,
    r"""
    (?:no|not|do not|never|without) <four>(?:hurry|rush|quick|rushing|speed up)
    no (?:pressure|need|rush) to <two>
    (?:as|very|really) quickly as (?:we|i|possible)
    (?:will|should|would) be (?:quick|fast|brief)
    (?:i|we|he|she|they|engineer|team) (?:will|shall|can|am going to|need) <two>(?:asap|hurry
        |speed|to)
    (?:speed|hurry) (?:it|this|things|that) (?:up|along) for you
    in a hurry|i will keep (?:this|it)|before (?:i|we) (?:end|close)
    (?:was|is) that all right|if (?:it|you) <two>be quick
    """,
)
