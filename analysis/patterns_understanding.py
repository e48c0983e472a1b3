"""Patterns of agent sentences that show understanding: how they are written, see `patterns`."""

from __future__ import annotations

from calltone.analysis.patterns import family

# A sorrow about what the customer went through names it, so it acknowledges too; one about the
# company's own deed apologises only.
ACKNOWLEDGE = family(
    r"""
    <i> <adv>(?:understand|get|see|know|realise|appreciate|imagine|hear|tell|sense
        |gather) <seven>(?:<feeling>|<trying>|upsetting)
    <i> <adv>(?:understand|get|see|know|realise|appreciate|imagine|hear|tell) (?:why (?:you|that
        |this|it|anyone)|how you(?: must)? feel|how much|how (?:hard|tough|frustrat)\w*
        |what you are going through|where you are coming from|your <two><plight>
        |the <two>(?:frustration|concern|disappointment|inconvenience|urgency)|it is been
        |this (?:has been|must|is not)|that (?:this|it|must)? ?(?:has been|must|is not easy))
    <i> <surely> (?:understand|get it|sympathise|hear you|get that|see that|relate|see why
        |see your point|understand that|understand your concern)(?= [.?]|$)
    <i> hear you
    i get it
    (?:that|it|this|which|there|you) <four>?(?:must|sounds?|would|feels?|seems?) <two>(?:have|be
        |been|feel|felt|like)? ?<adv>(?:<feeling>|<trying>|shock|fright|horrible|nightmare)
    you must (?:have been|be|feel|have felt) (?:<adv><feeling>|so \w+|at your wits end)
    (?:that|this|it|these|those|what you are feeling) (?:is|was|are|has been|have been
        |would be) <adv>(?:of )?(?:<trying>|understandable)
    (?:understandable|understandably)
    <start>\w+ing <seven>(?:is|must be|are) <adv><trying>
    being <adv><feeling> <seven>understandable
    (?:is|was) <two>(?:way to live|to carry|last thing you need(?:ed)?|lot (?:at once|to (?:deal
        |cope|carry|take))|lot of (?:chasing|waiting|hassle|stress|calls|money|running))
    no way to (?:live|treat|spend)
    (?:been|had) a <two>(?:long|rough|tough|hard|difficult|stressful|bad) (?:day|week|time|few
        |year|month)
    i would hate (?:for )?(?:that|this|it)
    (?:last thing|not what) (?:you|anyone|anybody) (?:need|want|expect)(?:s|ed)?
    (?:that is|this is|it is|what|been) <two>(?:long time|long wait|lot of (?:waiting|trouble
        |chasing|hassle|back and forth)|awful lot)
    (?:that is|this is|it is) (?:just |simply |really )*not (?:good enough|acceptable|fair
        |the (?:service|experience|standard)|okay(?= [.]|$)|right (?:at all|that)|on(?= [.]|$))
    (?:that is|this is|it is) not (?:what (?:we want|you (?:want|need|expect|deserve)|anyone)
        |how (?:we want|it should|you should|anyone))
    how <adv>(?:<trying>|<feeling>)
    what a <two>(?:shock|nightmare|shame|pain|day|week|year|ordeal|time|mess|fright
        |disappointment|journey|thing)
    (?:anyone|anybody|i|we|most people|everyone|everybody|nobody|no one) would <two>(?:be
        |have been|feel|have felt|have lost|have panicked|react|have reacted) <four>(?:<feeling>
        |<trying>|patience|panicked|too|as well|same(?: way)?)
    (?:anyone|anybody|most people|i) <four>would <two>(?:<feeling>|the same|be <feeling>
        |have panicked)
    would (?:drive|make) (?:anyone|anybody|anyones|me|most people) <four>(?:mad|crazy|up the wall
        |worry|<feeling>)
    enough to make (?:anyone|anybody) \w+
    (?:no wonder|of course|naturally|obviously) you (?:are|were|feel|would
        |have had enough)(?! (?:welcome|able|free|entitled|like|need|prefer))
    you have (?:got )?every (?:right|reason) to
    (?:i|we) (?:do|would) not blame you
    makes (?:complete |perfect |total |a lot of )?sense (?:that|why|to feel) <four>(?:feel|felt
        |upset|worried|<feeling>|frustrated)
    (?:is|it) (?:completely |perfectly |quite |very |only )?(?:natural|normal|human) to (?:feel
        |be|worry|want)
    (?:normal|natural) reaction
    <i> <adv>(?:sympathise|feel for you|feel your \w+|empathise)
    (?:my|our) (?:heart|hearts) (?:goes|go) out
    (?:you )?poor (?:thing|you)
    bless you
    nobody (?:should|deserves|wants|likes)|no one (?:should|deserves|wants|likes)
    nothing (?:is )?worse than
    you (?:should not|should never) have (?:had )?to
    you deserve(?:d)? (?:better|more)
    you have been (?:through (?:a lot|so much|enough|it all)|more than (?:fair|patient
        |reasonable)|waiting|left (?:without|stranded|waiting|with)|passed (?:around|about|from)
        |bounced|stuck|sitting|going (?:round|around)|chasing|messed|let down|struggling)
    you have had (?:a|such a|quite a|an) <two>(?:time of it|rough|tough|bad|terrible|hard|awful
        |horrible|long|lot (?:going on|to deal|on))
    you are (?:still stuck|juggling|dealing with|going through|having (?:a|such))
    you were (?:looking forward|counting on|hoping|relying)
    it (?:hurts|stings|stung)|must have (?:stung|hurt|come as)
    (?:days?|weeks?|months?|hours?|fortnight|year) (?:with no|without|of waiting
        |and (?:still )?(?:nothing|no)|on hold)
    (?:no|without) (?:heating|hot water|water|power|internet|phone|electricity|gas|money
        |car) <four>(?:baby|child|children|winter|work|family|weekend|days?|weeks?)
    (?:visits|calls|times|weeks|days|months) and it (?:is )?still
    <start>(?:oh no|oh dear|oh gosh|oh my|goodness|gosh|ugh|oh wow)(?= that| not| what| how| the
        | you| losing| i can|$)
    so sorry to hear|sorry to hear|hate to hear|sad to hear
    sorry (?:that )?you (?:have|had|are|were|feel|felt|missed|went|did not|never|could not|spent
        |are having) <four>[^ .?]+
    sorry (?:for|about) (?:your (?:loss|accident|bereavement|trouble)|what (?:you|has|happened)
        |everything you|all you)
    (?:sorry|apologise) for the <two>(?:stress|frustration|distress|upset|worry|pain
        |anxiety) (?:this|that|it|you)?
    i know <four>(?:feels?|felt|worry|how (?:hard|awkward|important|much)|not easy|is not easy
        |important)
    how important (?:this|that|it) (?:is|was) (?:for|to) you
    i would (?:have been|be) <two>(?:as well|too)
    (?:especially|particularly) with (?:a|the|your) <four>(?:baby|wedding|child|children|newborn
        |christmas|holiday)
    """,
    r"""
    (?<!must be )(?<!have been )(?:hard|difficult|tough|bad|confusing) to (?:say|tell|hear|know
        |read|see|find)
    (?:hard|difficult|tough|bad|confusing) (?:drive|disk
        |disc|reset|copy|of hearing|refresh|back|hat|shell|line|signal|reception|weather|case
        |cover|credit)
    (?:understand|see|hear|appreciate|know|realise|get) (?:that )?(?:you|your|there|it|the
        |this) <two>(?:ordered|booked|want|wanted|would like|joined|bought|have the|need|moved
        |called|requested)
    (?:is|are|was) not (?:<adv>)(?:<trying>|<feeling>)
    # A feeling brushed aside is not acknowledged.
    i hear you but|i (?:understand|get|see|hear) (?:that|it|you|your \w+) but
    no need to be \w+
    you must be (?:confused|mistaken)
    must be <two>(?:bill|reference|one|number|page|code)
    (?:stress|panic|pain|frustration|confused|sad|sick|lost) (?:ball|button|test|clinic|setting
        |leave|pay|property|card|face|note|relief|in|the)
    get (?:hard|lost)
    how (?:bad|hard|difficult|heavy|painful|rough|tired) (?:is|was|are|were|does|do|has)
    (?:is|was|been|it) (?:reported |marked |showing )?(?:as )?lost
    what a (?:lovely|great|nice|good) \w+
    # The customer is told how to feel.
    do not <four>(?:<feeling>|<trying>)
    (?:if|when|in case) (?:it|you|that) (?:is|are|feel|feels|sounds) <two>(?:<feeling>|<trying>)
    """,
)

# "Sorry" alone repairs a sentence or softens a refusal; it apologises with "I am" or a strong word
# before it, or with a trouble after it. "Sorry to keep you waiting" is the courtesy of picking up
# again after a hold, not sorrow for the customer's trouble.
APOLOGISE = family(
    r"""
    (?:<i> <adv>(?:am|are)|<strong>) <adv>sorry
    sorry (?:again )?(?:about|for|that|you|we|i|if|our|to hear|to have (?!to)|the|your|this|it
        |she|he|they)
    (?:say|said) <two>sorry
    apolog(?:ise|ies|ised|ising|y|ises)
    (?:please |do )(?:forgive|pardon) (?:us|me|the|our|this)
    <i> <adv>(?:regret|feel (?:bad|terrible|awful))
    (?:is|was|were|been|entirely|totally|completely|all|oops) <two>(?:our|my) <two>(?:mistake
        |fault|error|bad|doing|oversight)
    (?:our|my) (?:mistake|fault|bad|error)(?= [.?]| and|$)
    (?:is|was) on us(?= [.]|$)
    <i> (?:have )?(?:messed (?:up|this up)|got (?:this|that|it) (?:one )?wrong|dropped the ball
        |let you down|made a mistake|failed you)
    """,
    r"""
    # A word or sentence not heard, or the agent's own slip of the tongue.
    <adv>sorry(?= [?])
    sorry (?:can|could|would|may|what|who|which|how|where|when|say|one|pardon|go ahead|no|not|or)
    sorry (?:is|was|are|did|do) (?:that|it|you|this|there)
    sorry (?:i|we) (?:did not (?:catch|hear|get|quite)|do not|missed|can not|must|only|mean|meant
        |am not|are not|have no|think|thought|lost you)
    sorry (?:we are|i am|it is|there is|there are|the <two>is|this is|they are|you are) (?:not|no
        |only|unable|closed|out|sold)
    sorry (?:that (?:was|is) (?:\S*\d|a |the )|the line|you (?:are|were|have) (?:breaking|broken
        |cutting|cut|very faint|gone|a bit)|you (?:can not|can|need|said|will|would|have to|must
        |want|want(?:ed)? to)|the (?:sound|signal))
    # Refusal and polite bad news.
    sorry but(?! <i> (?:have|got|made|should))
    sorry (?:to (?:say|tell|inform|report|see you|disappoint|bother|trouble|interrupt|ask|cut
        |rush|jump|be|keep|put|let you know))
    sorry (?:that|it|this|they|he|she) (?:does|do|is|are|was|has|can|will) not
    sorry (?:state|little|looking|sight|business)
    (?:better safe than|feel|feeling) sorry
    (?:not|no need to|do not have to|need to|never) <two>(?:say sorry|be sorry|apologise
        |apologies)
    (?:you|he|she|they|it) (?:are|is|will be|would be) sorry
    not (?:our|my) (?:fault|mistake|error|problem|doing)
    apology (?:template|letter|form|email|note)
    apologies (?:if i|but|i (?:did not|missed|can not))
    apologise i (?:misheard|missed|did not (?:catch|hear))
    (?:excuse|pardon) me
    """,
)

REFLECT = family(
    r"""
    if i (?:have )?(?:understand|understood|heard|(?:got|have) (?:this|that|you|it) (?:right
        |straight|correctly))
    (?:have|did|do|think|hope|sure) i (?:have )?(?:understood|understand|got|heard|get) (?:that
        |this|you|it)
    if i am (?:following|hearing|understanding|right)
    what i am hearing|i am hearing (?:that|you)|what i (?:hear|understand|heard)
    you (?:are )?(?:saying|say|telling me|said|mentioned|told me) <two>(?:that|it|you|the|they|he
        |she|we|there|is|was)
    <start>(?:so )?(?:basically )?you mean
    what you (?:are|were) (?:saying|telling me)|what you (?:need|want) then
    from what (?:you|i)(?: have| are)? (?:say|said|saying|told|tell|hear|heard|understand
        |described)
    (?:just )?(?:so|to) (?:<i> (?:am|are) clear|(?:check|make sure|be sure|clarify|confirm) (?:i
        |we|that i) (?:have )?(?:understood|understand|got|heard|get))
    let me (?:just )?(?:make sure|see if|check|be sure|confirm) (?:that )?i (?:have|understand
        |understood|got|get|heard)
    let me (?:just )?(?:play (?:that|this) back|recap|summarise|repeat (?:that|this|it) back
        |read (?:that|this|it) back)
    (?:to|just to) (?:sum up|recap|summarise)
    in other words
    (?<=[^.?] )(?:is|was|have i got|do i have|am i getting) (?:that|it|this) (?:right|it|correct
        |about right|what (?:happened|you mean)|fair)(?= [.?]|$)
    (?:it|that) (?:sounds|seems) (?:like|as if|as though) (?:you|what|the|this|it|they|your|there)
    you (?:feel|felt) (?:torn|like|as if|as though|that)
    part of you
    <start>(?:so )<two>you (?:have|had|were|did|did not|do not|never|paid|bought|got|went|moved
        |froze|stood|returned|ordered|tried|called|rang|asked|cancelled|received
        |returned) <two>[^ .?]+
    <start>so (?:basically |really )?(?:your|the) <four>(?:broke|paid|said|told|used|pulled|got
        |has|have|had|did|does|was|were|never|went|came|arrived|stopped|keeps|expired|started
        |turned)(?: not)?
    <start>so (?:it|he|she|they|nobody|no one) (?:was|were|has|had|have|did|does|lets|never
        |started|began|keeps|stopped|went)(?: not| been)?
    <start>so (?:basically|really) (?:you|the|it|your)
    you (?:would|are|were) (?:rather|after|not bothered|not (?:angry|worried)
        |be happy) <four>(?:than|but|not|if|so much|about|as)
    """,
    r"""
    # Instructions and identity checks.
    so <two>you (?:would|can|will|need|want|should|have to|had to|go|just|do not need
        |do not have to|have (?:the|a|an|until|one|two|got))
    you (?:said|mentioned|told me) <four>(?:name|number|postcode|address|reference)
    so <seven>(?:postcode|date of birth|surname|expiry)
    <identity> <seven>(?:right|correct)|(?:got|have) (?:your|the) <two><identity>
    (?:told|saying|said) you
    you (?:have|did) (?:not )?already
    does not <two>mean|you mean by|what do you mean
    so (?:right )?now (?:it|you)
    """,
)

EXPLORE = family(
    r"""
    <start>(?:(?:what|how|when|where|why|who) (?:exactly |else |specifically )?(?:is|are|was|were
        |has|have|did|does|do|would|will|happen|happened|happens|seems|seem|brings|brought|made
        |makes|went|led|long|often|important|much|many people|bad|soon|sort|kind|type|symptoms
        |message|error|colou?r))
    <start>which (?:one|part|parts|device|bit|way|reader|day|room|model)
    (?:and|so|but) (?:what|how|why|when|where) (?:happened|did|does|do|was|were|is|has|have|had
        |exactly|long)
    (?:can|could|would|will) you (?:please |just )?(?:tell me|explain|describe|walk me|talk me
        |take me|show me|share|give me (?:a (?:bit|little)|an idea|some|more)|help me understand
        |run me)
    (?:tell|talk|walk|take|run) me (?:a (?:bit|little) |some )?(?:more|about|what|how|why|through
        |where|when)
    in your own words
    (?:may|can|could) i (?:just )?ask (?:what|why|how|when|where)
    <start>are you (?:able to|getting|seeing|having|experiencing)
    <start>(?:can|do|could) you (?:still |also )?(?:smell|hear (?:any|a)|see (?:any|a|the)|feel
        |remember)
    what (?:seems to be|is|was) (?:the (?:problem|issue|matter|trouble)|going on|happening|wrong
        |worrying)
    when you <seven>(?:does|do|did|is|what|are) (?:it|you|the|they|anything|that)
    <start>(?:is|are|was|were|has|have|had|did|does|do) (?:it|that|this|there|anything|anyone
        |anybody|everyone|everybody|any|he|she|they|the|your|all|somebody|someone
        |you) <seven>(?:happening|happen|happened|changed|change|noticed|notice|tried|try|still
        |again|lights?|error|message|affect\w*|working|worked|showing|shows?|before|since|after
        |between|same|unusual|odd|unfamiliar|safe|leak\w*|smell|say|explain\w*|particular|reason
        |recently|rely\w*|enjoyed|off|on|anywhere|come|back|turn(?:ed|ing)?|plugged|hear|feel
        |come|down)
    """,
    r"""
    (?:what|how|where|when|who|which|can|could|may|would|is|are|tell|do|have|and) <four><identity>
    what (?:colou?r|size) (?:would|do|did)
    how (?:can|may|could) (?:i|we)|what (?:can|could|may) (?:i|we)|how (?:are|is) (?:you|your day
        |it going|the weather)|how do you do|who am i (?:speaking|talking)|who is (?:this|calling
        |speaking)
    what (?:i|we|you) <four>|what (?:is|was) (?:that|your|the <two>(?:name|number))(?= [?]| again
        |$)
    what would you like (?:me|us) to call|do you have an account|do you mind|did you watch
        |have you got a pen
    what do you expect|what is it you want|what more|why did you|why are you|what are you talking
        |how was i|how many times|what (?:has|does) that
    what happens (?:then |next )?is|what (?:it|this|that) (?:means|does)|how it works
    how (?:to|important it|much it|hard|awkward|frustrating|upsetting|much you)
    where (?:it|you|the) \w+|when (?:i|we|the) \w+|is (?:that|it) (?:right|correct|it|okay)
    (?:are|is) you(?:r)? (?:the|in the|still there|going to (?:answer|tell))
    did you (?:even|not)|have you (?:even|not)
    have you <two>(?:understood|got that|heard)
    is there (?:anything|something) (?:else|more|further)
    tell me (?:the|your|what you want)
    """,
)
