"""Patterns of customer turns, as tables; how they are written, see `calltone.analysis.patterns`."""

from __future__ import annotations

from typing import NamedTuple

from calltone.analysis.sentences import Family

SHORTHANDS = {
    "adv": r"(?:(?:so|very|really|truly|just|absolutely|completely|totally|extremely|quite|rather"
    r"|pretty|beyond|getting|a bit|a little|bit|most|too|incredibly|utterly|such|a|an|the|still"
    r"|been|now|also|bloody|all) )*",
    "two": r"(?:[^ .?]+ ){0,2}",
    "four": r"(?:[^ .?]+ ){0,4}",
    # Somebody is, or is made, so-and-so.
    "im": r"(?:(?:i|we|she|he|they) (?:am|are|is|was|were|have been|has been|feel|felt|get|got"
    r"|became|would be|will be)(?: feeling| getting)?|(?:makes?|making|made|leaves|left) me)",
    "thing": r"(?:it|that|this|which|what|there|everything|(?:my|the|your|our) (?:\w+ )?\w+)",
    "be": r"(?:is|was|are|were|has been|have been|feels?|felt|seems?|sounds?)",
    "not": r"(?:not|never|no|without|nothing|nobody)",
    "long": r"(?:\w+ (?:and a half )?)?(?:hours?|days?|weeks?|months?|years?|fortnight|ages|forever"
    r"|long)",
}


def family(says: str, unless: str = "") -> Family:
    """Compile the tables of one family of customer turns."""
    return Family.of(says, unless, SHORTHANDS)


class Table(NamedTuple):
    """The plain and the strong signs of one kind of need, and look-alikes of either."""

    plain: str
    strong: str
    unless: str


# One for each kind of `calltone.analysis.needs`.
TABLES: dict[str, Table] = {
    "distress": Table(
        plain=r"""
        <im> <adv>(?:upset|frustrated|annoyed|disappointed|stressed|tired|lost|let down|sad|cross)
        <im> <adv>(?:angry|mad|embarrassed|humiliated|exhausted|hurt|overwhelmed|unhappy
            |irritated)
        <thing> <be> <adv>(?:frustrating|upsetting|annoying|disappointing|stressful|exhausting)
        <thing> <be> <adv>(?:awful|horrible|dreadful|distressing|embarrassing|humiliating
            |miserable)
        (?:my|the|this|of) <adv>(?:frustration|stress|disappointment|nightmare|embarrassment)
        (?:stressing|upsetting|bothering|frustrating|annoying) me
        <adv>(?:frustrating|upsetting|annoying|disappointing|stressful)
        (?:fed up|sick of|sick and tired|had enough|enough is enough|losing patience
            |lost patience)
        one thing after another
        (?:do not|not) know what to do|(?:had|having|been) (?:a|an) <two>(?:day|week|time) of it
        oh no(?= [.?]|$| not| really| what| my)|oh (?:my )?god|for (?:god|goodness|heaven)\S* sake
        (?:having|had|been) a <two>(?:hard|rough|terrible|awful|horrible|bad) (?:time|day|week
            |year)
        """,
        strong=r"""
        <im> <adv>(?:furious|livid|outraged|devastated|heartbroken|desperate|fuming|disgusted
            |gutted)
        <im> <adv>(?:in tears|crying|beside (?:my|our)sel(?:f|ves)|at (?:my|our) wits|at breaking)
        (?:can not|could not) (?:cope|stand (?:it|this)|take (?:it|this|any ?more|much)|bear
            |go on|deal with (?:this|it))
        (?:end of my (?:tether|rope)|my wits end|breaking point|heartbreaking|devastating
            |nightmare)
        (?:been )?(?:crying|sobbing|in tears)|drives? me (?:mad|crazy|insane)|driving me \w+
        (?:ruined|destroyed|spoiled|spoilt) (?:my|our|the|his|her|everything)
        """,
        unless=r"""
        <not> <adv>(?:upset|angry|annoyed|mad|cross|frustrated|disappointed|stressed|tired|sad)
        <not> (?:trying to be|going to be|being) \w+
        do not <two>(?:get|be|feel) \w+
        oh no (?:no|that is|it is|worries|problem|thank)
        (?:will be|would be) <adv>(?:upset|angry|annoyed) if
        """,
    ),
    "complaint": Table(
        plain=r"""
        (?:is|are|was|has been|been|just|such) <adv>(?:poor|bad|terrible|rubbish|shocking|useless)
        <adv>(?:terrible|poor|awful|bad|lousy|shoddy|rude) (?:service|customer service|experience)
        (?:is|was|were|are|been) <adv>(?:rude|unhelpful|unacceptable|ridiculous|unfair|wrong
            |a joke)
        (?:not|hardly) <adv>(?:good enough|acceptable|fair|happy|satisfied|impressed|what i <two>)
        (?:unacceptable|ridiculous|unfair|unprofessional|unbelievable|disgrace\w*|appalling)
        (?:make|making|made|file|raise|log|lodge|filed|put in) a <two>complaint|i am complaining
        (?:want|like|need|ask) to complain|to complain about
        (?:(?:no one|nobody|no body|none of you) <two>|you (?:people|guys) (?:never |even |just
            |always |still )?)(?:can|has|have|ever
            |seems?|cares?|helps?|listens?|knows?|calls?|called|answers?|told|replied|got|came
            |does|did|will|would|is|keep) ?<two>
        (?:you|they|he|she|somebody|someone|company|driver|engineer) (?:promised|said|swore
            |told me) <four>(?:would|was going|but|should)
        (?:third|fourth|fifth|sixth|tenth) (?:time|call|person|email|engineer)|second time i
        (?:three|four|five|six|seven|ten|several|many|multiple|countless|dozens of|so many
            |\d+) (?:times(?! (?:a|per))|calls|emails)
        (?:spoken|spoke|talked) (?:to|with) <four>people
        (?:called|rung|phoned|emailed|written|asked|complained) (?:\w+ )?(?:twice|\w+ times)
        (?:want|get|give me) my money back
        (?:you (?:are|were|have been)|it (?:is|was)) <two>no (?:help|use)(?= [.?]|$| at| to)
        (?:did|do|have|are) not <two>help(?:ed|ing)? (?:me|us|at all)
        will (?:not|never) <two>(?:order|buy|shop|stay|bank|book|travel) <two>(?:again|here|with)
        (?:leaving|quitting|done with|finished with) (?:this|your|you|the) \w+
        (?:keep|keeps|kept) (?:getting|being|telling|sending|charging|saying|asking|passing
            |calling|giving|putting|transferring|cutting|cancelling)
        (?:passed|bounced|transferred|pushed|sent) (?:from|around|round|between|back and forth)
        (?:run|running|going|went|sent) (?:me )?(?:a)?round in circles|(?:the )?run ?a?round
        (?:still|yet) (?:not|no|waiting|nothing|have not|has not|is not|am not|are not)
        (?:waiting|on hold|holding|queuing|sitting here|chasing|trying) (?:(?:for
            |on the phone for|over|since|about|nearly|almost|more than|to <four>for) )*(?:<long>
            |\w+ (?:minutes|mins))
        (?:it has been|it is been|been) (?:over |more than |nearly |almost |about )?<long> (?:and
            |now|since|without|with no|already)
        (?:how|why) (?:is|does|did|do|can|could|hard|difficult) <four>(?:take so long
            |taking so long|so hard|this long|nobody|no one|charge|charged)
        (?:want|like|get|speak|talk) <two>(?:to )?(?:a|your|the) (?:manager|supervisor)
        (?:waste|wasted|wasting) (?:of )?(?:my |a |so much |of )*(?:time|money|day)
        (?:lied|lying|misled|ignored|ignoring|hung up|cut me off|fobbed|blamed|mucked
            |messed) ?<two>
        overcharg\w*|scammed|ripped off|rip off
        (?:let|letting) me down|your (?:fault|mistake|error)
        great just great|oh great another|thanks for nothing
        """,
        strong=r"""
        (?:absolutely|totally|completely|utterly|bloody) (?:disgusting|ridiculous|useless
            |appalling)
        (?:disgusting|disgusted|disgraceful|appalling|outrageous|scandalous|pathetic|a disgrace
            |a scam)
        worst (?:\w+ )?(?:company|service|experience|customer service)
        never (?:again|using|coming back|shopping|dealing|buying|going to use)
        solicitors?|lawyers?|ombudsman|trading standards|small claims|legal action|(?:take
            |taking) you to court|sue you|go(?:ing)? to the press
        (?:cancel|cancelling|leaving|switching|taking my business) <two>(?:everything|you lot
            |elsewhere)
        """,
        unless=r"""
        (?:do not|not) <two>(?:want|wish|like|need|here) to (?:complain|make a complaint)
        (?:not|no) (?:complaining|complaints?)
        (?:second|third) (?:person|time) (?:in|on|is)
        (?:it|that|this) (?:is|was) <two>not (?:wrong|bad|rude)
        (?:not|never) <adv>(?:bad|rude|unhelpful|terrible|wrong)
        (?:nobody|no one) (?:else|is at|at home)
        still not (?:sure|decided)
        """,
    ),
    "setback": Table(
        plain=r"""
        (?:has|have|had|did|does|do|is|will|would|can|could|are|was) not <two>(?:come|arrived?
            |arriving|turned up|turn up|shown? up|been delivered|delivered|received?|got (?:it|my
            |them|here|anything)|work(?:ed|ing)?|start\w*|turn\w* on|connect\w*|load\w*|open\w*
            |charging|fit|shipped|gone through|processed|answered|refunded|called|replied|fixed
            |log in|access|get (?:in|through|online|any|my|it to))
        never (?:came|arrived|turned up|showed up|received|got|got here|worked|delivered|happened
            |called|replied)
        (?:charged|billed|debited|paid|taken
            |took) (?:me |us |it |my card |for it |the money |money )?(?:twice|double|two times
            |three times|again|too much|extra|wrong\w*|the wrong)
        (?:double|wrongly|incorrectly|over) ?(?:charged|billed)
        (?:wrong|incorrect|faulty|defective|damaged|broken|missing|duplicate) (?:\w+ )?(?:\w+)
        <thing> (?:is|was|are|were|has|have|had|arrived|came|got|gets?|been
            |turned up) <adv>(?:broken|damaged|faulty|smashed|cracked|torn|ripped|leaking|missing
            |lost|stolen|dead|down|cancelled|canceled|delayed|late|flooded|blocked|frozen|hacked
            |declined|rejected|scratched|dented|stained|shattered|in pieces|stuck|expired|wrong
            |empty|disconnected|suspended)
        (?:broke|breaks|broken|breaking)(?: down| off)?|stopped (?:working|charging|responding
            |heating)
        (?:it|that|internet|phone|power|connection|line|app|screen|machine|boiler|car|laptop
            |website|wifi|wi fi) (?:just |keeps? |kept |always )*(?:crash\w*|died|dies|dropp\w*
            |drops|cutting out|cuts out|freez\w*|froze|fail\w*|leak\w*|stopp?\w*|disconnect\w*
            |went (?:down|off|dead)|goes (?:down|off))
        keeps (?:\w+ing)
        (?:my|the|our) (?:\w+ )?\w+ (?:is|are|was) (?:still )?not here
        (?:power|internet|electricity|heating|water|phone|service|wifi) (?:is |has |been )+(?:out
            |off|down)
        (?:have )?already paid|(?:says|said|saying|told) <four>(?:not covered|denied|refused)
        (?:locked|shut|logged|kicked) out
        (?:no|without|lost) (?:\w+ )?(?:heating|hot water|water|power|electricity|internet|signal
            |phone|gas|service|connection|broadband|wifi|refund|reply|answer|response|money|car
            |food|fridge)(?: \w+)?
        (?:lost|stole|stolen|missing|missed|misplaced|been robbed
            |burgled) (?:\w+ )?(?:my |our |the |a |all )?\w+
        (?:been |have |had )?(?:an|a|in an|in a) <two>(?:accident|crash|fire|flood|leak|burglary
            |break in|breakdown|power cut|outage|blackout)
        (?:stranded|stuck) (?:at|in|on|here|outside|without|with)
        (?:problem|issue|trouble|fault|mistake|error|mix up) (?:with|on|in|is|here|logging
            |getting)
        (?:been )?(?:cut off|scammed|defrauded|laid off|made redundant|evicted|turned away|hacked)
        (?:someone|somebody) (?:has |have )?(?:used|stole|stolen|taken|took|hacked|withdrew
            |withdrawn|bought)
        (?:water|smoke) (?:is )?(?:pouring|coming|leaking|everywhere|through)
        (?:supposed|meant) to (?:be here|arrive|come|be delivered|have|get|be (?:here|fixed|done
            |refunded|there))
        (?:should have) (?:been (?:here|done|delivered|fixed)|come|arrived|got)|(?:was
            |were) due (?:to (?:arrive|come|be|start)|yesterday|last)
        (?:do not|did not|not) (?:recogni[sz]e|authori[sz]e) <four>
        (?:gone|went) (?:up|wrong|missing|down)
        (?:light|alarm|warning) <two>(?:came|comes|come|keeps coming|is flashing|went
            |goes) (?:on|off)
        """,
        strong=r"""
        (?:house|home|flat|kitchen|everything|basement) (?:is|was|has been|got) <adv>(?:flooded
            |burn\w*|destroyed|robbed|burgled)
        (?:lost|losing) (?:everything|my (?:job|home|house|savings|life savings))
        (?:all|everything) (?:is |was |has )?(?:gone|stolen|wiped|lost)
        (?:emptied|wiped out|drained) (?:my|our|the) \w+
        """,
        unless=r"""
        (?:is|are|was) (?:not|never) <two>(?:broken|damaged|faulty|missing|late|lost|stolen)
        (?:no|not a|not an|not any|without any|not have any|never had a
            |never had any) (?:\w+ )?(?:problems?|issues?|trouble|fault|damage)<two>
        (?:have|has|do|did) not <two>(?:got|received) (?:a|any|the|my)? ?(?:pen|other|further
            |more|questions?)
        if <four>(?:broken|damaged|faulty|missing|late|lost|stolen|breaks?|does not \w+
            |stops? \w+)
        missed calls?|(?:lost|missed) (?:you|what|that|a bit of weight|count|track)
        (?:did|do|could) not (?:catch|hear|get) (?:that|you|what|your)
        wrong (?:number|button|department)|in case <four>
        (?:would|could) not <two>(?:work|fit) (?:better|for)
        """,
    ),
    "worry": Table(
        plain=r"""
        <im> <adv>(?:worried|anxious|concerned|nervous|scared|afraid|frightened|panicking|uneasy
            |stressing|panicky)
        <im> <adv>(?:confused|baffled|puzzled|bewildered|at a loss)
        (?:worries|worrying|scares|scaring|concerns) (?:me|us)|<thing> <be> <adv>(?:worrying
            |scary|frightening|concerning|alarming)
        (?:my|a|our|one|big|only|real|main) (?:\w+ )?(?:worry|concern|fear)
        what if <four>|what (?:will|is going to|would) happen (?:if|to)
        (?:am i|will i|are we|will we|i am going to|we are going to|going to) (?:\w+ )?(?:lose
            |be charged|get in trouble|miss|be fined|get (?:charged|fined|evicted|cut off)
            |be (?:cut off|evicted|in trouble))
        (?:is|are) (?:it|my \w+|this|that|they|we|you) (?:\w+ )?(?:safe|secure
            |going to be (?:okay|all right|fine)|serious|dangerous|a scam|legit)
        (?:can not|could not|not) <two>sleep|losing sleep|keeps me (?:up|awake)
        need (?:it|this|that|them) (?:by|before|urgently|today|tomorrow|tonight)
        (?:wedding|funeral|interview|exam|surgery|operation|flight) (?:is )?(?:on )?(?:tomorrow
            |today|tonight|this|next|in (?:two|three|a|\d)|saturday|friday|sunday|monday)
        do not (?:know|understand) (?:if|whether|how) (?:i|we) (?:will|am going|are going) <two>
        """,
        strong=r"""
        <im> <adv>(?:terrified|petrified|frantic|worried sick|scared to death|panicked|desperate)
        (?:terrifying|panic attack|(?:in|having) a panic|life or death|it is an emergency)
        """,
        unless=r"""
        <not> <adv>(?:that |too |overly )?(?:worried|anxious|concerned|nervous|scared|afraid
            |worrying|scary|a (?:worry|concern))(?: (?:any ?more|at all))?
        no (?:longer|need to|reason to) <two>worr\w+|no worries|do not worry|not to worry
        as far as i am concerned|concerned (?:with|the)
        i am afraid (?:not|so|i|that|it|we|my)
        """,
    ),
    "vulnerability": Table(
        plain=r"""
        (?:my|our|her|his|a) (?:\w+ )?(?:husband|wife|mum|mom|mother|dad|father|son|daughter
            |partner|brother|sister|nan|grandmother|grandfather|gran|dog|cat
            |baby) (?:\w+ )?(?:died|passed|is (?:\w+ )?(?:ill|sick|dying|disabled|in hospital
            |unwell)|has (?:\w+ )?(?:died|passed|cancer|dementia|alzheimer\S*|asthma|diabetes)
            |was (?:diagnosed|taken ill)|just (?:died|passed))
        (?:with|have|has|got) (?:a|my|our|two) (?:\w+ ){0,3}(?:baby|newborn|toddlers?)
        (?:small|young|little|sick|disabled) (?:baby|children|kids|child|ones?)
        i am (?:\w+ )?(?:disabled|blind|deaf|pregnant|diabetic|elderly|unwell|ill|housebound
            |bedridden|a carer|widowed|a widow|a widower|a pensioner|on (?:a pension|benefits
            |my own|disability|oxygen)|in (?:a wheelchair|hospital)|going through (?:a divorce
            |chemo\w*|treatment))
        i am (?:sixty|seventy|eighty|ninety)(?: \w+)?(?: years old)?(?= |$)
        (?:lost|losing|out of|between|without) (?:my |his |her |our )?(?:jobs?|work|income)
        (?:can not|could not|not|struggling to|unable to) (?:\w+ )?(?:afford|pay (?:it|this|that
            |the|my|rent|for)|make ends meet|feed|eat|heat)
        (?:struggling|hardship|redundan\w+|bereave\w+|widow\w*|funeral|chemo\w*|cancer|dementia
            |depress\w+|disab\w+|wheelchair|insulin|oxygen|divorc\w+|autis\w+|mental health
            |pensioner|food bank|in debt|behind on)
        (?:in|into|out of) (?:the )?hospital|(?:had|having) a (?:stroke|heart attack)|on benefits
            |my medication
        (?:i )?live (?:alone|on my own|by myself)|on a pension|on (?:a )?fixed income
            |all on my own
        (?:hard of hearing|not (?:very )?good with (?:computers|technology|phones)|can not (?:see
            |hear|read|walk|get out) (?:very )?(?:well|much|properly|the|it))
        """,
        strong=r"""
        (?:died|passed away|terminal\w*|dying|suicid\w*|kill myself|end (?:it all|my life)
            |abus(?:e|ed|ive)|domestic violence|homeless|evicted|eviction|starving|no food
            |nothing to eat|stillb\w+|miscarr\w+)
        """,
        unless=r"""
        (?:phone|battery|laptop|line|car|computer|it|plant|machine|boiler
            |screen) (?:has |have |just )*(?:died|dying|is dying)
        (?:no|not) (?:\w+ )?disab\w+
        """,
    ),
    "relief": Table(
        plain=r"""
        (?:what|that is|it is|such) <adv>(?:a )?relief|(?:i am|feel|feeling) <adv>relieved|phew
            |thank (?:god|goodness|heavens)
        (?:that|this|it|you|which) (?:\w+ )?(?:helps|helped)(?: me)? (?:a lot|so much
            |a great deal|enormously|loads)|that helps|makes sense
        clears (?:it|that|things) up|makes? me feel better
        <adv>(?:wonderful|perfect|brilliant|fantastic|excellent|amazing|lovely|marvelous
            |marvellous|awesome|fabulous|superb)
        (?:that is|that would be|that will be|oh|it is|this is|sounds|okay|yes|that sounds
            |well that is) <adv>(?:great|good|nice|helpful|kind|better|ideal|reassuring|fair
            |grand|super)(?: (?:news|of you|to (?:hear|know)|thank you|thanks|then))?
        (?:i )?feel (?:much |a lot |so much |a bit )?<adv>(?:better|calmer|reassured|happier
            |easier)
        (?:good|glad|happy|pleased) to (?:hear|know)|i am <adv>(?:happy|pleased|glad|satisfied
            |delighted) (?:with|that|now|about)
        (?:weight|load) off (?:my )?(?:mind|shoulders)|one less thing|puts my mind
        (?:it|that|everything) (?:is |has |does )?(?:now )?(?:works|working|worked|sorted|fixed
            |back on|came through|gone through)(?: now| again)?(?= |$)
        you have been <adv>(?:helpful|kind|great|patient|wonderful|brilliant|a star|a great help
            |good|lovely)
        """,
        strong=r"""
        (?:huge|massive|such a|big|enormous|what a) (?:\w+ )?relief|<adv>(?:saved my life
            |life saver|lifesaver)
        made my (?:day|week|year)|could kiss you|over the moon|so (?:relieved|happy|grateful
            |pleased)
        """,
        unless=r"""
        <not> <adv>(?:that |very |really |particularly |exactly )*(?:great|good|nice|helpful|kind
            |better|ideal|relieved|perfect|wonderful|brilliant|amazing|lovely|excellent|fantastic
            |fair|happy|satisfied|pleased|works?|working|worked|fixed|sorted|reassuring)
        (?:great|brilliant|wonderful|perfect|fantastic|lovely|good|nice) (?:just|another|now (?:i
            |what|it))<two>
        (?:just|oh|well that is) (?:great|brilliant|wonderful|perfect|fantastic|lovely) (?:just
            |another|is not it)
        just (?:great|brilliant|wonderful|perfect|fantastic|lovely)
        (?:would|will|could|should|might|may|to) (?:\w+ )?(?:be|have been|feel) <adv>(?:relief
            |good|great|nice|helpful|kind|better)(?: (?:if|to have))
        (?:until|before|when|if|whether|supposed to|to|think|thought|said) (?:it|that
            |everything) (?:is |was |has )?(?:now )?(?:\w+ing|works?|worked|fixed|sorted)
        (?:is|was|were|are) (?:it|that|this|everything) (?:working|sorted|fixed|good)
        (?:good|great|nice) (?:morning|afternoon|evening|day|customer|number)
        (?:a|the|my) <two>(?:perfect|lovely|brilliant|wonderful|good|great|nice) (?!relief|news
            |help)\w+
        """,
    ),
    "thanks": Table(
        plain=r"""
        (?:thank you|thanks|thank|cheers|much obliged|ta|grateful|many thanks|thankyou)(?= |$)
        appreciate (?:it|that|your|you|the|all)
        """,
        strong=r"""
        (?:thank you|thanks) (?:so much|very much|ever so|a million|a lot|a bunch|for (?:all
            |everything|your (?:help|patience|kindness)|being|helping|sorting|listening))
        (?:so|very|really|extremely|truly) grateful
        """,
        unless=r"""
        no (?:thank you|thanks)|thanks for nothing|thanks to (?:you|your|them)|thank (?:god
            |goodness|heavens)
        (?:would|could|should|not) <two>appreciate
        (?:great|brilliant|wonderful|well) thanks (?:for|a lot) nothing
        """,
    ),
}
