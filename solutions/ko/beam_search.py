# %% [markdown] source="50cf5de6"
# # 빔 탐색과 BLEU
#
# 번역 모델은 *Jane visite l'Afrique en septembre.*를 읽고 나면, 어떤 영어 문장이든 그것이 이 문장의 번역일 확률을
# 압니다. 필요한 것은 확률이 **가장 높은** 문장입니다. 하지만 문장이 너무 많아서 하나하나 모두 시험해 볼 수는 없으므로
# 탐색을 해야 합니다.
#
# 가장 먼저 떠오르는 탐색은 가장 좋은 단어를 고르고, 그다음에 올 가장 좋은 단어를 고르고, 이렇게 이어 가는 것입니다.
# 이 방법은 크게 실패할 수 있습니다. 영어에는 *going to*가 흔하므로, *Jane is* 다음에는 *visiting*보다 *going*의
# 확률이 높습니다. 그러나 *Jane is going*으로 시작하는 문장은 가장 좋은 것이라도 장황하고 확률이 낮으며, 이 탐색은
# 되돌아올 수 없습니다. **빔 탐색**은 문장의 앞부분을 여러 개 살려 둡니다.
#
# 여기에서는 두 가지 탐색을 모두 작성하고, 탐색이 왜 짧은 문장을 지나치게 좋아하는지 알아보고, **BLEU**로 번역을
# 채점하고, 틀린 번역마다 탐색과 모델 중 어느 쪽이 잘못했는지 판정합니다.
#
# ## 표기
#
# | 기호 | 의미 |
# |---|---|
# | `V`, `S` | 단어의 개수, 디코더 상태의 개수 |
# | `ids` | 단어 인덱스의 리스트로 나타낸 문장. 인덱스 0은 문장의 끝인 `<eos>`입니다. |
# | `decoder` | 소스 문장 하나에 대한 `log_probs (S, V)`와 `next_state (S, V)`의 딕셔너리 |
# | `K` | **살아 있는 경로**, 즉 탐색이 아직 따라가고 있는 문장 앞부분의 개수 |
# | `beam_width` | `K`의 최댓값 |
# | `Ty` | 문장의 길이. `<eos>`가 있으면 `<eos>`도 셉니다. |
#
# **디코더**는 소스 문장을 이미 읽었고 이제 번역문을 씁니다. **상태** `s`에서 다음 단어가 `w`일 로그 확률은
# `decoder["log_probs"][s, w]`이고, 그다음 상태는 `decoder["next_state"][s, w]`입니다. 시작 상태는 0입니다. (순환
# 신경망에서 상태는 벡터입니다. 탐색에서는 어느 쪽이든 상관없습니다. 탐색은 상태를 전달하기만 합니다.)

# %% source="8b926f7e"

# %% [markdown] source="c507c6c7"
# ## 1. 문장의 트리
#
# 이 디코더는 작은 **트리**로 이루어진 문장 십여 개를 압니다. 앞부분마다 다음에 올 수 있는 단어가 몇 개씩 있고, 트리에
# 없는 앞부분 다음에는 문장이 끝납니다. 종이에 트리를 그리고, 확률이 가장 높은 문장을 손으로 찾아보세요.

# %% source="fa4f56cc"
JANE = {
    "": {"Jane": 0.8, "In": 0.2},
    "In": {"September": 1.0},
    "In September": {"Jane": 1.0},
    "In September Jane": {"is": 0.4, "visits": 0.6},
    "In September Jane is": {"visiting": 0.5, "going": 0.5},
    "In September Jane is visiting": {"Africa": 1.0},
    "In September Jane is going": {"to": 1.0},
    "In September Jane is going to": {"Africa": 1.0},
    "In September Jane visits": {"Africa": 1.0},
    "Jane": {"is": 0.7, "visits": 0.3},
    "Jane visits": {"Africa": 1.0},
    "Jane visits Africa": {"<eos>": 0.9, "in": 0.1},
    "Jane visits Africa in": {"September": 1.0},
    "Jane is": {"going": 0.5, "visiting": 0.4, "in": 0.1},
    "Jane is in": {"Africa": 1.0},
    "Jane is visiting": {"Africa": 0.95, "in": 0.05},
    "Jane is visiting in": {"Africa": 1.0},
    "Jane is visiting Africa": {"in": 0.9, "<eos>": 0.1},
    "Jane is visiting Africa in": {"September": 1.0},
    "Jane is going": {"to": 1.0},
    "Jane is going to": {"be": 0.45, "visit": 0.3, "Africa": 0.25},
    "Jane is going to visit": {"Africa": 1.0},
    "Jane is going to be": {"visiting": 0.6, "in": 0.4},
    "Jane is going to be in": {"Africa": 1.0},
    "Jane is going to be visiting": {"Africa": 1.0},
    "Jane is going to be visiting Africa": {"in": 0.8, "<eos>": 0.2},
    "Jane is going to be visiting Africa in": {"September": 1.0},
}
words, jane = tree_decoder(JANE)


def to_text(ids):
    """트리의 문장을 인덱스에서 텍스트로 바꿉니다. 주어진 함수입니다."""
    return " ".join(words[index] for index in ids)


def to_ids(text):
    """트리의 문장을 텍스트에서 인덱스로 바꿉니다. 주어진 함수입니다."""
    return [words.index(word) for word in text.split()]


# %% [markdown] source="633f8f75"
# ## 2. 문장의 로그 확률
#
# 연쇄 법칙에 따르면 문장의 확률은 단어마다 앞의 단어들이 주어졌을 때의 확률을 구해 모두 곱한 것입니다. 작은 수를 많이
# 곱하면 언더플로가 일어나 0이 되므로, 로그를 더합니다.
#
# $$\log P(y \mid x) = \sum_{t=1}^{T_y} \log P(y^{\langle t \rangle} \mid x, y^{\langle 1 \rangle}, \dots,
#   y^{\langle t-1 \rangle})$$
#
# 상태 0에서 문장을 따라가세요. 단어의 로그 확률을 찾고, 그다음 상태로 넘어갑니다.


# %% source="8c7145cc"
def sequence_log_prob(decoder, ids):
    """문장의 로그 확률을 구합니다.

    Args:
        decoder: 표기를 보세요.
        ids: 단어 인덱스의 리스트.

    Returns:
        확률의 자연로그. 0 이하의 수이며, 불가능한 문장이면 음의 무한대입니다.
    """
    raise NotImplementedError("sequence_log_prob")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="c9a96953"
if __name__ == "__main__":
    for text in ("Jane is visiting Africa in September <eos>", "Jane visits Africa <eos>"):
        print(f"{sequence_log_prob(jane, to_ids(text)):.4f}  {text}")
    # 기대 출력: -1.6528과 -1.5325. 손으로 계산하면 log(0.8 · 0.7 · 0.4 · 0.95 · 0.9)와 log(0.8 · 0.3 · 0.9)


# %% [markdown] source="e56bea4a"
# ## 3. 탐욕 탐색
#
# 스텝마다 확률이 가장 높은 단어를 고릅니다. `<eos>`가 나오거나 단어가 `max_length`개가 되면 멈춥니다. `<eos>`도
# 문장에 들어갑니다.


# %% source="ec6aea01"
def greedy_search(decoder, max_length):
    """확률이 가장 높은 단어를 하나씩 골라 문장을 씁니다.

    Args:
        decoder: 표기를 보세요.
        max_length: 최대 단어 수. `<eos>`도 세며, 1 이상입니다.

    Returns:
        ids: 단어 인덱스의 리스트. `<eos>`에 이르렀으면 마지막이 `<eos>`입니다.
        log_prob: 문장의 로그 확률.
    """
    raise NotImplementedError("greedy_search")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="ed6c5d89"
if __name__ == "__main__":
    ids, log_prob = greedy_search(jane, 12)
    print(f"{log_prob:.4f}  {to_text(ids)}")
    # 기대 출력: -2.8054 Jane is going to be visiting Africa in September <eos>


# %% [markdown] source="acf4f159"
# ## 4. 빔 탐색의 한 스텝
#
# 살아 있는 경로가 `K`개 있습니다. 경로마다 단어 `V`개를 하나씩 이어 붙일 수 있으므로 **후보**는 `K · V`개입니다.
# 후보의 로그 확률은 경로의 로그 확률에 새 단어의 로그 확률을 **더한** 것입니다. 모든 후보를 **통틀어** 가장 좋은
# `beam_width`개를 남깁니다. 좋은 경로에서는 후보가 여러 개 남을 수 있고, 나쁜 경로에서는 하나도 남지 않을 수
# 있습니다.
#
# NumPy로는 브로드캐스트로 더하고, `(K, V)`개의 후보를 한 축으로 펴고, 정렬한 다음, 펼친 위치를 다시 경로와 단어로
# 바꿉니다. 로그 확률이 음의 무한대인 불가능한 후보는 절대 남기지 않습니다.


# %% source="1641f5fa"
def beam_step(log_p, next_log_p, beam_width):
    """살아 있는 모든 경로의 확장 가운데 가장 좋은 것들을 고릅니다.

    Args:
        log_p: 살아 있는 경로의 로그 확률, (K,).
        next_log_p: 각 경로 다음에 올 단어의 로그 확률, (K, V).
        beam_width: 남길 후보의 최대 개수.

    Returns:
        new_log_p: 남긴 후보의 로그 확률, 좋은 것부터, (C,). C는 beam_width 이하입니다.
        paths: 각 후보가 확장한 경로의 인덱스, 정수 (C,).
        new_words: 각 후보가 이어 붙인 단어의 인덱스, 정수 (C,).
    """
    raise NotImplementedError("beam_step")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="5f5f21b3"
if __name__ == "__main__":
    log_p, paths, new_words = beam_step(np.log([0.6, 0.4]), np.log([[0.5, 0.3, 0.2], [0.1, 0.9, 1e-9]]), 3)
    print(np.exp(log_p).round(2), paths, new_words)
    # 기대 출력: [0.36 0.3 0.18] [1 0 0] [1 0 1]


# %% [markdown] source="29f69bd6"
# ## 5. 길이 정규화
#
# 단어가 하나 늘 때마다 문장의 확률은 낮아지므로, 확률이 가장 높은 문장은 너무 짧을 때가 많습니다. **길이 정규화**는
# 로그 확률을 길이의 거듭제곱으로 나눕니다.
#
# $$\mathrm{score}(y) = \frac{1}{T_y^{\,\alpha}} \log P(y \mid x)$$
#
# `alpha = 0`이면 아무것도 바뀌지 않고, `alpha = 1`이면 단어당 평균이 됩니다. 그 사이의 0.7을 흔히 씁니다.


# %% source="b4ff38e3"
def normalized_score(log_prob, length, alpha):
    """길이 정규화를 적용한 문장의 점수를 구합니다.

    Args:
        log_prob: 문장의 로그 확률.
        length: 문장의 단어 수 `Ty`, 1 이상.
        alpha: 길이의 지수.

    Returns:
        점수. 0 이하의 수이며 클수록 좋습니다.
    """
    raise NotImplementedError("normalized_score")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="2afb34f7"
if __name__ == "__main__":
    for alpha in (0, 0.7, 1):
        print(f"{alpha}: {normalized_score(-1.6528, 7, alpha):.4f} {normalized_score(-1.5325, 4, alpha):.4f}")
    # 기대 출력: 첫 번째가 0에서는 더 작고 0.7과 1에서는 더 큽니다
    # -1.6528 -1.5325, -0.4233 -0.5807, -0.2361 -0.3831


# %% [markdown] source="49fb7934"
# ## 6. 빔 탐색
#
# 살아 있는 경로 하나로 시작합니다. 단어는 없고, 로그 확률은 0이고, 상태는 0입니다. 그다음 최대 `max_length`스텝 동안
# 다음을 되풀이합니다.
#
# 1. 살아 있는 경로의 확장 가운데 가장 좋은 `beam_width`개를 `beam_step`으로 고릅니다.
# 2. 고른 확장마다, **확장한 바로 그 경로의 상태**와 단어들을 이어받습니다. 이번 스텝에서 가장 좋은 경로가 앞 스텝의
#    세 번째 경로를 확장한 것일 수도 있습니다.
# 3. `<eos>`로 끝나는 것은 **완성된** 문장입니다. 따로 빼 두고 더는 확장하지 않습니다. 나머지가 다음 스텝의 살아 있는
#    경로입니다.
#
# `max_length`스텝 뒤에도 살아 있는 경로는 완성된 것으로 봅니다. 길이가 서로 다른 문장은 이제야 비교합니다. 완성된
# 문장을 모두 정규화한 점수 순으로 정렬하세요.


# %% source="582f29e1"
def beam_search(decoder, beam_width, max_length, alpha):
    """빔으로 가장 좋은 문장들을 찾습니다.

    Args:
        decoder: 표기를 보세요.
        beam_width: 스텝마다 남길 후보의 최대 개수, 1 이상.
        max_length: 최대 단어 수. `<eos>`도 세며, 1 이상입니다.
        alpha: `normalized_score`에서 길이의 지수.

    Returns:
        완성된 모든 문장의 리스트, 좋은 것부터. 각각은 튜플 (ids, log-probability)입니다.
    """
    raise NotImplementedError("beam_search")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="eab6a535"
if __name__ == "__main__":
    for beam_width, alpha in ((1, 1), (2, 1), (3, 0), (3, 1)):
        ids, log_prob = beam_search(jane, beam_width, 12, alpha)[0]
        print(f"폭 {beam_width}, alpha {alpha}: {log_prob:.4f}  {to_text(ids)}")
    # 기대 출력: 폭이 1이면 탐욕 탐색과 같습니다. 폭이 2이면 세 번째 스텝에서 "Jane is visiting"을 잃습니다. 폭이
    # 3이면
    # 이를 찾지만, 정규화하지 않으면 September를 빠뜨린 문장을 더 좋게 봅니다.
    # -2.8054 Jane is going to be visiting Africa in September <eos>
    # -2.8054 Jane is going to be visiting Africa in September <eos>
    # -1.5325 Jane visits Africa <eos>
    # -1.6528 Jane is visiting Africa in September <eos>


# %% [markdown] source="fa996ece"
# ## 7. n-gram의 정밀도
#
# 번역이 좋은지 어떻게 알까요? 한 문장에는 올바른 번역이 여러 개 있으므로, 사람이 쓴 여러 **참조 번역**과 비교합니다.
# 먼저 떠오르는 것은 **정밀도**, 즉 번역문의 단어 가운데 참조 번역에 나오는 단어의 비율입니다. 하지만 참조 번역에
# *the*가 있으면 *the the the the*의 정밀도는 1이 됩니다.
#
# 그래서 횟수를 **제한**합니다(clip). 한 단어는 *그 단어가 가장 많이 나오는* 참조 번역에 나오는 횟수까지만 셉니다.
# 그리고 순서도 반영되도록 단어만이 아니라 **n-gram**, 즉 이어진 단어 `n`개를 셉니다. `ngrams(words, n)`이 n-gram을
# 나열해 줍니다.
#
# $$p_n = \frac{\sum_{g} \min\big(\mathrm{count}(g),\ \max_{r} \mathrm{count}_r(g)\big)}{\sum_{g} \mathrm{count}(g)}$$
#
# 합은 번역문에 나오는 서로 다른 n-gram `g`에 대해 구합니다. 분자와 분모를 따로 반환하세요. 9절에서 여러 문장에 대해
# 더하기 때문입니다. 일은 대부분 `Counter`가 합니다. `a & b`는 키마다 더 작은 횟수를, `a | b`는 더 큰 횟수를 가집니다.


# %% source="e8679970"
def ngram_precision(hypothesis, references, n):
    """번역문의 n-gram 가운데 일치하는 것을 횟수를 제한해 셉니다.

    Args:
        hypothesis: 번역문, 단어의 리스트.
        references: 참조 번역의 리스트. 각각은 단어의 리스트입니다.
        n: n-gram 하나의 단어 수.

    Returns:
        matches: 참조 번역에 나오는 n-gram의 개수(횟수를 제한해 셉니다).
        total: 번역문의 n-gram 개수.
    """
    raise NotImplementedError("ngram_precision")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="209f89f6"
if __name__ == "__main__":
    references = [["the", "dog", "is", "on", "the", "sofa"], ["there", "is", "a", "dog", "on", "the", "sofa"]]
    print([ngram_precision(["the", "the", "the", "the"], references, n) for n in (1, 2)])
    print([ngram_precision(["the", "dog", "the", "dog", "on", "the", "sofa"], references, n) for n in (1, 2)])
    # 기대 출력: [(2, 4), (0, 3)]과 [(5, 7), (4, 6)]


# %% [markdown] source="0889aec0"
# ## 8. 길이 벌점
#
# 정밀도는 *빠진* 것을 알아채지 못합니다. *on the sofa*는 정밀도가 모두 1입니다. 그래서 참조 번역보다 짧은 번역은
# 점수에 1보다 작은 수를 곱해 깎습니다. 이 수가 길이 벌점(brevity penalty)입니다. 번역문의 단어가 `c`개이고 참조
# 번역의 단어가 `r`개이면 다음과 같습니다.
#
# $$\mathrm{BP} = \begin{cases} 1 & c \ge r \\ \exp(1 - r / c) & c < r \end{cases}$$
#
# 단어가 하나도 없으면 이 수는 0입니다. 한 문장에 참조 번역이 여러 개이면 번역문의 길이에 **가장 가까운** 길이를 쓰고,
# 똑같이 가까운 것이 둘이면 더 짧은 쪽을 씁니다.


# %% source="99ab8625"
def closest_length(hypothesis, references):
    """번역문과 길이가 가장 가까운 참조 번역의 길이를 구합니다.

    Args:
        hypothesis: 번역문, 단어의 리스트.
        references: 참조 번역의 리스트. 각각은 단어의 리스트입니다.

    Returns:
        길이, 정수.
    """
    raise NotImplementedError("closest_length")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="8baf054a"
def brevity_penalty(hypothesis_length, reference_length):
    """번역이 짧을 때 점수를 깎으려고 곱하는 수를 구합니다.

    Args:
        hypothesis_length: 번역문의 단어 수 c.
        reference_length: 참조 번역의 단어 수 r.

    Returns:
        0과 1 사이의 수.
    """
    raise NotImplementedError("brevity_penalty")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="bda89c50"
if __name__ == "__main__":
    print(closest_length(["on", "the", "sofa"], references))
    print([round(brevity_penalty(length, 6), 4) for length in (0, 3, 5, 6, 9)])
    # 기대 출력: 6과 [0.0, 0.3679, 0.8187, 1.0, 1.0]


# %% [markdown] source="66a9e275"
# ## 9. BLEU
#
# **BLEU**는 1-gram부터 4-gram까지 정밀도의 기하 평균에 길이 벌점을 곱한 것입니다.
#
# $$\mathrm{BLEU} = \mathrm{BP} \cdot \exp\Big(\frac{1}{N} \sum_{n=1}^{N} \log p_n\Big), \qquad N = 4$$
#
# BLEU는 번역문의 목록인 **말뭉치**(corpus)의 점수입니다. 나누기 *전에* 모든 문장의 일치 횟수와 전체 개수를 더하고,
# 길이도 마찬가지로 더하세요. 문장 하나하나의 BLEU를 평균하면 다른 수가 나오며, 짧은 문장에서는 0일 때가 많습니다.
# 일치하는 것이 하나도 없는 `n`이 있으면 점수는 0입니다. (논문에서는 BLEU에 100을 곱합니다. 라이브러리는 *sacrebleu*로
# 계산합니다: `dlseq.metrics.bleu`.)


# %% source="5d6299cc"
def bleu(hypotheses, references, max_n=4):
    """말뭉치의 BLEU 점수를 구합니다.

    Args:
        hypotheses: 번역문의 리스트. 각각은 단어의 리스트입니다.
        references: 번역문마다, 참조 번역의 리스트. 각 참조 번역은 단어의 리스트입니다.
        max_n: n-gram의 가장 큰 n, N.

    Returns:
        점수, 0과 1 사이의 수.
    """
    raise NotImplementedError("bleu")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="11f0ae39"
if __name__ == "__main__":
    human = ["Jane", "is", "visiting", "Africa", "in", "September"]
    for found in ("Jane is going to be visiting Africa in September", "Jane visits Africa", " ".join(human)):
        print(f"{bleu([found.split()], [[human]]):.4f}  {bleu([found.split()], [[human]], max_n=2):.4f}  {found}")
    # 기대 출력: 0.3549 0.5774, 0.0000 0.0000, 1.0000 1.0000


# %% [markdown] source="e00dfd88"
# ## 10. 어느 쪽의 잘못일까요?
#
# 빔은 문장 ŷ를 찾았는데, 사람은 y*가 옳다고 합니다. 둘이 다르면 점수를 비교합니다.
#
# | | 원인 | 해결책 |
# |---|---|---|
# | score(y*) > score(ŷ) | 모델은 올바른 문장을 더 좋게 보지만 **탐색**이 찾지 못했습니다 | 더 넓은 빔 |
# | score(y*) ≤ score(ŷ) | 탐색은 할 일을 했습니다. **모델**이 틀린 문장을 더 좋게 봅니다 | 데이터, 다른 신경망 |
#
# 탐색이 최대화하는 것, 즉 *정규화한* 점수를 비교하세요.


# %% source="b5b7b4e7"
def find_fault(decoder, human, found, alpha):
    """번역 하나에서 잘못한 쪽을 찾습니다.

    Args:
        decoder: 표기를 보세요.
        human: 올바른 문장, 단어 인덱스의 리스트.
        found: 탐색이 찾은 문장, 단어 인덱스의 리스트.
        alpha: `normalized_score`에서 길이의 지수.

    Returns:
        둘이 같으면 "none", 아니면 "search" 또는 "model".
    """
    raise NotImplementedError("find_fault")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="2b10b7af"
if __name__ == "__main__":
    right = to_ids("Jane is visiting Africa in September <eos>")
    for beam_width, alpha in ((2, 1), (3, 0), (3, 1)):
        found = beam_search(jane, beam_width, 12, alpha)[0][0]
        print(f"폭 {beam_width}, alpha {alpha}: {find_fault(jane, right, found, alpha)}")
    # 기대 출력: search, model, none


# %% [markdown] source="470ec8cc"
# 한 문장으로는 알 수 있는 것이 별로 없습니다. **오류 분석**에서는 저마다 자기 디코더가 있는 문장을 많이 살펴보고,
# **틀린** 문장 가운데 탐색과 모델이 각각 잘못한 비율을 구합니다. 그러면 어디에 힘을 들여야 하는지 알 수 있습니다.


# %% source="1b12a87b"
def error_analysis(decoders, humans, founds, alpha):
    """틀린 번역 가운데 탐색이 잘못한 비율과 모델이 잘못한 비율을 구합니다.

    Args:
        decoders: 문장마다 하나씩인 디코더의 리스트.
        humans: 올바른 문장의 리스트. 각각은 단어 인덱스의 리스트입니다.
        founds: 탐색이 찾은 문장의 리스트. 각각은 단어 인덱스의 리스트입니다.
        alpha: `normalized_score`에서 길이의 지수.

    Returns:
        틀린 번역에서 "search"와 "model"의 비율을 담은 딕셔너리. 틀린 것이 없으면 둘 다 0입니다.
    """
    raise NotImplementedError("error_analysis")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="83130d3a"
# ### 무작위 디코더
#
# 무작위 디코더 40개를 만들고, 점수가 가장 높은 문장(빔이 아주 넓어서 아무것도 잃지 않는 탐색으로 찾은 것)을 올바른
# 문장으로 정한 다음, 빔을 조금씩 넓혀 봅니다. 이렇게 정했으므로 여기에서는 모든 오류가 탐색의 오류입니다.

# %% source="e9b36f71"
if __name__ == "__main__":
    rng = np.random.default_rng(0)
    S, V, longest = 400, 5, 5
    decoders = [
        {"log_probs": np.log(rng.dirichlet(np.full(V, 0.7), S)), "next_state": rng.integers(S, size=(S, V))}
        for _ in range(40)
    ]
    humans = [beam_search(decoder, V**longest, longest, 0.7)[0][0] for decoder in decoders]
    for beam_width in (1, 2, 3, 5, 10, 30):
        founds = [beam_search(decoder, beam_width, longest, 0.7)[0][0] for decoder in decoders]
        count = sum(found != human for found, human in zip(founds, humans, strict=True))
        print(f"폭 {beam_width:2d}: 오류 {count:3d}개, {error_analysis(decoders, humans, founds, 0.7)}")

# %% [markdown] source="ca1682c2"
# ### 오류가 늘면 BLEU가 떨어집니다
#
# 텍스트의 단어를 점점 더 많이 다른 단어로 바꾸면서, 올바른 단어의 비율보다 BLEU가 얼마나 더 빨리 떨어지는지 봅니다.
# 틀린 단어 하나가 4-gram 네 개를 망칩니다.

# %% source="ba701e49"

# %% [markdown] source="94d39f44"
# ## 진행 상황 확인

# %% source="45dc0aa0"
