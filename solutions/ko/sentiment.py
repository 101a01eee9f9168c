# %% [markdown] source="fb95f6b1"
# # good과 not good: 리뷰의 별점
#
# *The plot is good*는 별 네 개, *The plot is not good*는 별 두 개입니다. 이 연습 문제에서는 신경망이 리뷰의 별점을
# 하나에서 다섯까지로 알아맞힙니다. 신경망을 두 가지 만듭니다.
#
# - 첫 번째는 모든 단어의 벡터를 **평균**해서 소프트맥스를 적용합니다. 어떤 단어들이 있는지는 알지만, 그 순서는 전혀
#   모릅니다.
# - 두 번째는 **LSTM**으로 단어를 차례로 읽습니다. 순환 신경망의 유형 중 다대일입니다.
#
# ```
#        ŷ                                         ŷ        별점
#        ▲                                         ▲
#     softmax                                   softmax     소프트맥스
#        ▲                                         ▲
#      mean               LSTM ─► LSTM ─► LSTM ─► LSTM      왼쪽은 평균, 오른쪽은 LSTM
#    ▲   ▲   ▲    ▲        ▲       ▲       ▲       ▲
#   the plot not good     the     plot    not     good
# ```
#
# 둘 다 같은 단어 벡터에서 시작합니다. 마지막에는, 둘 중 하나는 아무리 오래 학습해도 구별하지 못하는 문장 쌍으로 둘을
# 비교합니다.
#
# ## 기호
#
# | 기호 | 의미 |
# |---|---|
# | `m` | 배치에 들어 있는 문장의 개수 |
# | `V` | 벡터가 있는 단어의 개수 |
# | `n_e` | 단어 벡터의 크기, 50 |
# | `max_len` | LSTM의 스텝 수, 12 |
# | `n_y` | 클래스의 개수, 5. 클래스는 별점에서 1을 뺀 값입니다. |

# %% source="e98f09e7"

# %% [markdown] source="a6578375"
# `toy_embedding`은 아무 단어도 모르는 임베딩 층을 만듭니다. 채점 테스트가 이것을 쓰므로 임포트를 지우지 마세요.
#
# ## 1. 리뷰
#
# 리뷰는 문법으로 만들어 낸 것입니다. 이 문법에는 두 가지 세기의 칭찬과 비판, **부정**(*not*, *hardly*, *nothing*,
# *far from*), *very* 같은 부사, 그리고 대조가 있습니다. *but* 앞에 오는 것보다 뒤에 오는 것이 더 중요합니다. 문장은
# 단어 사이에 공백이 있는 텍스트이고, 클래스는 0부터 셉니다.

# %% source="bd781603"
if __name__ == "__main__":
    X_train, Y_train = review_data(4000, "train")
    X_test, Y_test = review_data(400, "test")
    for sentence, label in zip(X_train[:6], Y_train, strict=False):
        print("별", label + 1, sentence)
    print("테스트에서 가장 많은 클래스의 비율:", f"{np.bincount(Y_test).max() / len(Y_test):.0%}")

# %% [markdown] source="eb553f1d"
# ## 2. 단어 벡터
#
# 비슷하게 쓰이는 단어들은 벡터도 비슷해야 합니다. 큰 프로젝트에서는 이런 벡터를 단어 수십억 개에서
# 얻습니다(**GloVe**, **word2vec**). 여기에서는 `word_vectors`가 횟수를 세어 1초 만에 만듭니다.
#
# 1. 각 단어가 다른 단어와 네 단어 이내에 몇 번이나 함께 나오는지, 그리고 그 단어가 나오는 리뷰의 별점이 몇 개인지
#    셉니다.
# 2. **점별 상호정보량** $\log \frac{p(w, c)}{p(w)\, p(c)}$를 구합니다. 둘이 우연보다 자주 함께 나오면 이 값이
#    큽니다(음수는 0으로 바꿉니다).
# 3. **특잇값 분해**로, 이 표의 행들이 가장 크게 다른 방향 50개만 남깁니다.
#
# 결과는 단어를 벡터로 바꾸는 딕셔너리 하나와 단어를 인덱스로 바꾸는 딕셔너리 하나입니다. 인덱스 0은 단어가 아니라
# **패딩**의 자리입니다. 두 벡터가 얼마나 비슷한지는 그 사이 각의 **코사인**으로 알 수 있습니다.

# %% source="421fd32a"
if __name__ == "__main__":
    word_to_vec_map, word_to_index = word_vectors(X_train, Y_train)
    print(len(word_to_vec_map), "개의 단어, 'not'의 인덱스:", word_to_index["not"])
    words = list(word_to_vec_map)
    vectors = np.stack([word_to_vec_map[word] / np.linalg.norm(word_to_vec_map[word]) for word in words])
    for word in ("wonderful", "loved"):
        cosines = vectors @ vectors[words.index(word)]
        print(f"{word}: ", ", ".join(f"{words[i]} {cosines[i]:.2f}" for i in cosines.argsort()[::-1][1:6]))

# %% [markdown] source="8e639acf"
# *wonderful*의 이웃을 보세요. 칭찬하는 말도 있지만 비판하는 말도 있습니다. 뜻이 반대인 단어들은 같은 자리에 쓰이므로
# 벡터가 비슷합니다. GloVe에서도 마찬가지입니다.
#
# # 1부: 단어의 평균
#
# ## 3. 문장을 벡터 하나로
#
# 문장을 소문자로 바꾸어 단어로 나누고, 단어 벡터를 평균합니다. 벡터가 없는 단어는 빼고, 평균의 개수에도 넣지
# 않습니다. 아는 단어가 하나도 없는 문장은 영벡터입니다.


# %% source="15ffc9a1"
def sentence_to_avg(sentence, word_to_vec_map):
    """문장에 나오는 단어 벡터의 평균을 계산합니다.

    Args:
        sentence: 단어 사이에 공백이 있는 텍스트. 대문자가 있을 수 있습니다.
        word_to_vec_map: 소문자 단어를 벡터 (n_e,)로 바꾸는 딕셔너리.

    Returns:
        아는 단어 모두의 벡터의 평균 (n_e,). 아는 단어가 없으면 영벡터입니다.
    """
    raise NotImplementedError("sentence_to_avg")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="4a808030"
if __name__ == "__main__":
    toy_map = {"good": np.array([1.0, 3.0]), "not": np.array([-2.0, 0.0]), "plot": np.array([0.0, 1.0])}
    print(sentence_to_avg("Plot not good", toy_map), sentence_to_avg("so good", toy_map), sentence_to_avg("?", toy_map))
    # 기대 출력: [-0.33333333 1.33333333] [1. 3.] [0. 0.]

# %% [markdown] source="28b6f264"
# ## 4. 소프트맥스
#
# 분류기는 층이 하나입니다. $X$의 행에는 문장 `m`개의 평균이 있고, 클래스마다 $W$의 행 하나와 $b$의 숫자 하나가
# 있습니다.
#
# $$Z = X W^\top + b, \qquad A_{ik} = \frac{e^{Z_{ik}}}{\sum_{j} e^{Z_{ij}}}$$
#
# 지수 함수를 적용하기 전에 $Z$의 각 행에서 그 행의 가장 큰 수를 빼세요. 소프트맥스는 달라지지 않고 오버플로도
# 일어나지 않습니다.


# %% source="cb068850"
def softmax_forward(X, W, b):
    """클래스의 확률을 계산합니다.

    Args:
        X: 문장의 평균 (m, n_e).
        W: 가중치 (n_y, n_e).
        b: 편향 (n_y,).

    Returns:
        확률 (m, n_y). 각 행의 합은 1입니다.
    """
    raise NotImplementedError("softmax_forward")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="8ed1b776"
if __name__ == "__main__":
    A = softmax_forward(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), np.zeros(3))
    print(A.round(3).tolist())
    # 기대 출력: [[0.576, 0.212, 0.212], [0.107, 0.787, 0.107]]

# %% [markdown] source="8f6cd309"
# ## 5. 경사 하강법의 한 스텝
#
# 손실은 **교차 엔트로피**의 평균 $L = -\frac1m \sum_i \log A_{i, y_i}$입니다. 기울기는 간단합니다. 클래스 $y$의 원-핫
# 행들을 $T$라고 하면
#
# $$dZ = \frac{A - T}{m}, \qquad dW = dZ^\top X, \qquad db = \sum_i dZ_i$$
#
# 이고, 학습률이 $\alpha$일 때 한 스텝은 $W \leftarrow W - \alpha\, dW$, $b \leftarrow b - \alpha\, db$입니다. 새
# 배열을 반환하고, 이전 배열의 원본은 그대로 두세요. 손실은 *이전* 가중치의 손실입니다.


# %% source="bce3a7a9"
def gradient_step(X, Y, W, b, learning_rate):
    """교차 엔트로피의 평균에 대해 경사 하강법을 한 스텝 수행합니다.

    Args:
        X: 문장의 평균 (m, n_e).
        Y: 클래스, 정수 (m,).
        W: 가중치 (n_y, n_e).
        b: 편향 (n_y,).
        learning_rate: 학습률.

    Returns:
        loss: 스텝 이전의 교차 엔트로피의 평균, 숫자 하나.
        W: 새 가중치 (n_y, n_e).
        b: 새 편향 (n_y,).
    """
    raise NotImplementedError("gradient_step")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="7af48998"
if __name__ == "__main__":
    loss, W, b = gradient_step(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0, 2]), np.zeros((3, 2)), np.zeros(3), 0.6)
    print(f"{loss:.4f}", W.round(3).tolist(), b.round(3).tolist())
    # 기대 출력: 1.0986 [[-0.1, 0.0], [-0.4, -0.6], [0.5, 0.6]] [0.1, -0.2, 0.1]

# %% [markdown] source="3edaeff5"
# 이제 0에서 시작해 1,000스텝을 학습시킵니다. 처음에는 모든 클래스의 확률이 같으므로 손실이 log 5 = 1.61입니다.

# %% source="e831fe6c"
if __name__ == "__main__":
    means_train = np.stack([sentence_to_avg(sentence, word_to_vec_map) for sentence in X_train])
    means_test = np.stack([sentence_to_avg(sentence, word_to_vec_map) for sentence in X_test])
    W, b = np.zeros((5, means_train.shape[1])), np.zeros(5)
    for step in range(1001):
        loss, W, b = gradient_step(means_train, Y_train, W, b, learning_rate=1.0)
        if step % 250 == 0:
            print(f"스텝 {step}: 손실 {loss:.3f}")

    def classes_by_mean(sentences):
        """단어의 평균으로 알아맞힌 클래스를 반환합니다."""
        means = np.stack([sentence_to_avg(sentence, word_to_vec_map) for sentence in sentences])
        return softmax_forward(means, W, b).argmax(axis=1)

    print(f"학습 데이터의 정답률: {(classes_by_mean(X_train) == Y_train).mean():.0%}", end=", ")
    print(f"테스트: {(classes_by_mean(X_test) == Y_test).mean():.0%}")

# %% [markdown] source="fdcbb132"
# 학습한 리뷰에서도 절반쯤만 맞힙니다. 평균을 구할 때 필요한 것을 잃어버렸으므로 더 학습해도 소용이 없습니다.
#
# - **부정은 합이 아닙니다.** *not*은 *good*의 별점을 낮추고 *bad*의 별점을 높여야 합니다. 평균에서는 *not*의 벡터를
#   더할 뿐이므로, 모든 문장이 같은 방향으로 움직입니다. (이것은 XOR 문제입니다. 한쪽에 *good*과 *not bad*가, 다른
#   쪽에 *bad*와 *not good*이 있고, 둘을 가르는 직선은 없습니다.)
# - **순서가 사라집니다.** *The plot is good but the ending is bad*와 *the plot is bad but the ending is good*은
#   평균이 같으므로 별점도 같아집니다.
#
# ## 6. 순서를 모르는 모델은 얼마나 잘할 수 있을까요?
#
# 두 번째 이유 때문에, 단어의 순서를 모르는 분류기는 아무리 깊어도 넘을 수 없는 한계가 있습니다. 단어가 같은 문장에는
# 모두 같은 클래스를 줄 수밖에 없기 때문입니다. 그러므로 **단어 가방**마다 거기에서 가장 자주 나오는 클래스를 주는
# 것이 최선입니다.
#
# 단어는 나오는 횟수만큼 셉니다. *not not good*과 *not good*은 서로 다른 가방입니다. 대문자와 소문자는 구별하지
# 않습니다. 단어가 같으면 순서가 달라도 `tuple(sorted(words))`는 같습니다.


# %% source="ada49eaf"
def bag_of_words_ceiling(sentences, Y):
    """단어의 순서를 모르는 모델이 얻을 수 있는 가장 높은 정확도를 계산합니다.

    Args:
        sentences: 텍스트의 리스트.
        Y: 클래스, 정수 (m,).

    Returns:
        단어 가방마다 가장 자주 나오는 클래스를 주었을 때 맞는 문장의 비율, 0과 1 사이의 수.
    """
    raise NotImplementedError("bag_of_words_ceiling")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="9f812273"
if __name__ == "__main__":
    print(bag_of_words_ceiling(["good but bad", "bad but good", "Bad but good", "good"], np.array([1, 3, 3, 3])))
    # 기대 출력: 0.75
    swapped, swapped_classes = swapped_pairs()
    print(swapped[0], "별점:", swapped_classes[0] + 1, "개")
    ceiling = bag_of_words_ceiling([sentence for pair in swapped for sentence in pair], swapped_classes.ravel())
    print(f"순서를 바꾼 쌍의 상한: {ceiling:.0%}")

# %% [markdown] source="76c14730"
# # 2부: 순서대로 읽는 단어
#
# ## 7. 문장을 인덱스로
#
# 신경망은 배치를 배열 하나로 읽습니다. 각 문장은 단어 인덱스의 행 하나가 되고, 문장의 끝 뒤는 0, 즉 **패딩**으로
# 채웁니다. 인덱스가 없는 단어는 빼고, 그다음 단어를 앞으로 당깁니다. 아는 단어가 `max_len`개보다 많은 문장은 뒤를
# 자릅니다.


# %% source="36c949b4"
def sentences_to_indices(X, word_to_index, max_len):
    """문장들을 단어 인덱스의 행들로 바꿉니다.

    Args:
        X: 텍스트 m개의 리스트. 대문자가 있을 수 있습니다.
        word_to_index: 소문자 단어를 1부터 시작하는 인덱스로 바꾸는 딕셔너리.
        max_len: 행의 길이.

    Returns:
        정수 (m, max_len). 문장의 끝 뒤는 0입니다.
    """
    raise NotImplementedError("sentences_to_indices")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="49e9afa1"
if __name__ == "__main__":
    print(sentences_to_indices(["Not good", "the plot is good"], {"good": 1, "not": 2, "plot": 3}, 4).tolist())
    # 기대 출력: [[2, 1, 0, 0], [3, 1, 0, 0]]

# %% [markdown] source="c78fb2f6"
# ## 8. 벡터를 찾아 주는 층
#
# `Embedding` 층에는 행렬이 있고, 인덱스마다 그 행을 반환합니다. 즉 `(m, max_len)`을 `(m, max_len, n_e)`로 바꿉니다.
# 보통은 행들을 학습하지만, 여기에서는 이미 주어져 있습니다.
#
# 1. 행이 `V + 1`개인 0 행렬을 만듭니다. 단어마다 행이 하나씩이고, 행 0은 패딩의 행입니다. 각 단어의 벡터를 *그
#    단어의* 인덱스에 해당하는 행에 적으세요.
# 2. 층을 만들 때 벡터가 그대로 유지되도록 `trainable=False`를, LSTM이 인덱스 0인 스텝을 건너뛰도록 `mask_zero=True`를
#    설정합니다.
# 3. `layer.build()`가 가중치를 만들고, `layer.set_weights([matrix])`가 그 값을 채웁니다.


# %% source="8585bd54"
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
    """주어진 단어 벡터로 임베딩 층을 만듭니다.

    Args:
        word_to_vec_map: 단어를 벡터 (n_e,)로 바꾸는 딕셔너리.
        word_to_index: 같은 단어들을 1부터 V까지의 인덱스로 바꾸는 딕셔너리.

    Returns:
        행이 V + 1개이고, 학습되지 않으며, build를 마친 Keras `Embedding` 층. 인덱스 0을 마스크로 가립니다.
    """
    raise NotImplementedError("pretrained_embedding_layer")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="4af420a8"
if __name__ == "__main__":
    layer = pretrained_embedding_layer(toy_map, {"plot": 3, "good": 1, "not": 2})
    print(np.asarray(layer(np.array([[2, 1, 0]]))).tolist())
    # 기대 출력: [[[-2.0, 0.0], [1.0, 3.0], [0.0, 0.0]]]

# %% [markdown] source="ff22033e"
# ## 9. LSTM
#
# 인덱스가 들어가면 임베딩이 벡터를 찾고, LSTM이 그 벡터를 읽고, 소프트맥스가 있는 Dense 층이 **마지막** 은닉 상태를
# 확률로 바꿉니다. 마스크는 벡터와 함께 저절로 전달됩니다. 다만 중간에 합이나 곱을 직접 계산하면 마스크가 사라집니다.


# %% source="dc2881be"
def sentiment_model(max_len, embedding_layer, units, n_y):
    """단어를 순서대로 읽는 신경망을 만듭니다.

    Args:
        max_len: 스텝의 수.
        embedding_layer: 인덱스 (m, max_len)을 받아 마스크가 있는 벡터 (m, max_len, n_e)를 내놓는 Keras 층.
        units: LSTM의 유닛 수.
        n_y: 클래스의 개수.

    Returns:
        정수 (m, max_len)을 받아 확률 (m, n_y)를 내놓는 Keras 모델.
    """
    raise NotImplementedError("sentiment_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="07675f0c"
if __name__ == "__main__":
    toy = sentiment_model(6, toy_embedding(seed=0, words=4, n_e=3), units=5, n_y=2)
    print(toy.output_shape, toy.count_params(), "개의 가중치")
    # 기대 출력: (None, 2) 207 개의 가중치. 임베딩에 15개, LSTM에 180개, Dense 층에 12개

# %% [markdown] source="045b892e"
# 이제 전체를 학습시킵니다. 단어 벡터도 리뷰도 같습니다. 학습에 몇 초 걸립니다.

# %% source="5de70c36"
if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    embedding_layer = pretrained_embedding_layer(word_to_vec_map, word_to_index)
    model = sentiment_model(MAX_LEN, embedding_layer, units=48, n_y=5)
    EPOCHS, BATCH_SIZE = 7, 32
    schedule = keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * -(-len(X_train) // BATCH_SIZE))
    model.compile(keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy", jit_compile=False)
    indices_train = sentences_to_indices(X_train, word_to_index, MAX_LEN)
    losses = model.fit(indices_train, Y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0).history["loss"]
    print("에포크별 손실:", *(f"{loss:.2f}" for loss in losses))

    def probabilities_by_lstm(sentences):
        """LSTM이 내놓은 확률 (m, 5)를 반환합니다."""
        return model.predict(sentences_to_indices(sentences, word_to_index, MAX_LEN), verbose=0)

    def classes_by_lstm(sentences):
        """LSTM이 알아맞힌 클래스를 반환합니다."""
        return probabilities_by_lstm(sentences).argmax(axis=1)

    print(f"학습 데이터의 정답률: {(classes_by_lstm(X_train) == Y_train).mean():.0%}", end=", ")
    print(f"테스트: {(classes_by_lstm(X_test) == Y_test).mean():.0%}")

# %% [markdown] source="5e7f8003"
# # 3부: 비교
#
# ## 10. 문장 쌍
#
# 모든 리뷰에 대한 정확도로는 모델이 *왜* 맞히는지 알 수 없습니다. 부정을 모조리 놓치는 모델도 부정이 없는 곳에서는
# 맞힙니다. 그래서 한 가지만 다른 두 문장의 **쌍**으로 모델을 시험하고, 두 문장을 *모두* 맞힐 때에만 그 쌍을 맞힌
# 것으로 칩니다.


# %% source="2689bc3b"
def pairs_right(predicted, classes):
    """두 문장이 모두 맞은 쌍의 비율을 계산합니다.

    Args:
        predicted: 모델이 알아맞힌 클래스, 정수 (n, 2).
        classes: 올바른 클래스, 정수 (n, 2).

    Returns:
        0과 1 사이의 수.
    """
    raise NotImplementedError("pairs_right")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="cc1e3e03"
if __name__ == "__main__":
    print(pairs_right(np.array([[3, 1], [3, 3], [0, 1], [1, 3]]), np.array([[3, 1], [3, 1], [1, 3], [1, 3]])))
    # 기대 출력: 0.5

# %% [markdown] source="059cdfe7"
# 쌍은 두 종류입니다. 첫 번째는 한 문장을 부정 없이, 그리고 부정과 함께 놓은 쌍인데, 이 부정과 이 단어는 학습할 때
# 함께 나온 적이 없습니다. *not*도 나왔고 *good*도 나왔지만 *not good*은 나오지 않았습니다. 두 번째는 단어들의 자리를
# 서로 바꾼 쌍입니다.

# %% source="8deefd23"
if __name__ == "__main__":
    negated, negated_classes = negation_pairs()
    scores = {}
    for kind, pairs, right in (
        ("negation", negated, negated_classes),
        ("swapped words", swapped, swapped_classes),
    ):
        print(f"{kind}, {len(pairs)}쌍, 예: {pairs[len(pairs) // 2]}")
        for name, classes_of in (("mean", classes_by_mean), ("LSTM", classes_by_lstm)):
            predicted = classes_of([sentence for pair in pairs for sentence in pair]).reshape(-1, 2)
            scores[kind, name] = pairs_right(predicted, right)
            print(f"   {name}: 문장 {(predicted == right).mean():.0%}, 쌍 {scores[kind, name]:.0%}")

# %% [markdown] source="93891e5f"
# 자리를 바꾼 쌍을 평균 모델은 *하나도* 맞히지 못합니다. 맞힐 수가 없습니다. 두 문장이 같은 클래스를 받으므로 하나만
# 맞을 수 있기 때문입니다. LSTM은 뒤 절을 읽기 전에 *but*을 읽었으므로 지금 어느 절을 읽고 있는지 압니다.
#
# 그림은 짧은 문장 네 개에 대한 별 하나에서 다섯까지의 확률을 보여 줍니다. 윗줄을 왼쪽에서 오른쪽으로 보세요. *not*은
# *good*의 막대와 *bad*의 막대를 같은 방향으로 움직입니다. 아랫줄에서는 반대로 뒤집습니다. 평균 모델은 *not*이 없는
# 문장도 확신하지 못합니다. 학습에 쓴 리뷰의 절반에서 이 단어들 옆에 부정이 있는데, 그런 리뷰를 나머지와 구별할 수
# 없기 때문입니다.

# %% source="11657078"

# %% [markdown] source="bc2b7a3f"
# ## 11. 직접 쓴 문장
#
# 신경망이 아는 단어를 써야 합니다. *good*, *lovely*, *dull*, *terrible* 같은 형용사와 *plot*, *soup*, *room* 같은
# 명사가 있습니다. LSTM이 틀리는 문장을 찾아보세요. 학습할 때 무엇을 보지 못했을까요?
#
# `dlseq sentiment` 명령에는 같은 유형이면서 단어에 대한 어텐션이 있는 더 큰 모델이 있습니다. 더 긴 리뷰로 학습시킨
# 것입니다.

# %% source="5f938d92"
if __name__ == "__main__":
    mine = [
        "the soup was far from good",
        "nothing in this room is bad",
        "the room was lovely but the soup was not good",
    ]
    for sentence, by_mean, by_lstm in zip(mine, classes_by_mean(mine), classes_by_lstm(mine), strict=True):
        print(f"별: 평균 {by_mean + 1}개, LSTM {by_lstm + 1}개: {sentence}")

# %% [markdown] source="b25f7670"
# ## 12. 확인

# %% source="56dca3fe"
