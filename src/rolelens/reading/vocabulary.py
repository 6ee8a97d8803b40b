"""The words that reading knows by themselves: Korean endings, words of grammar, words that tell a language."""

# Particles and endings that carry grammar, not meaning; stripped so that 모델을 and 모델의 are one word.
KOREAN_ENDINGS = frozenset(
    "은 는 이 가 을 를 의 에 에서 에게 와 과 도 만 로 으로 로서 으로서 로써 으로써 까지 부터 보다 처럼 및 등 "
    "등을 등의 하고 하며 하는 하여 하기 하실 하신 한 할 합니다 해요 했던 된 되는 될 됩니다 이고 이며 인 "
    "입니다 이나 나 들 들을 들의 들과 들이 에대한 에서의 으로의 로의 과의 와의 이라 라면 이라면 적인 적으로 "
    "하고자 하게 하시는 하면서 하면 해 해서 하기위한 되어 되며 된다 있는 있습니다 있으신 이신".split()
)
# Words of grammar: no phrase begins or ends with one, or evidence would quote "learning and".
FUNCTION_WORDS = frozenset(
    "a all also an and any are as at be been both but by can do etc for from has have her his how if in including into "
    "is it its ll may more must not of on or other our out over own per re s should so some such t than that the their "
    "them then there these they this those through to up us ve via was we were what when where which while who whose "
    "why will with within would you your 및 등 수 또는 그 이 저 대한 위한 통해 통한 관련 대해 위해 있는 우리 모든 "
    "다양한 각 후 시 년".split()
)
ENGLISH_WORDS = frozenset(
    "the and of to in for with a you our we is are on as will or be your that an at by from".split()
)
FOREIGN_WORDS = frozenset(
    "der die das und mit für ist wir sie dein deine zu von im el la los las y con para una un del les des et "
    "avec pour nous vous est du dans il di che per della e o os da do com não em uma het een van voor met je "
    "ons en op".split()
)
