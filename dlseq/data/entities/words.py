"""Ordinary words of a language, which name nothing: from Faker's word lists, or listed here where Faker has none."""

import functools
import importlib
import re

__all__ = ["ordinary_words"]

FAKER_LISTS = {
    "cs": "cs_CZ",
    "da": "da_DK",
    "de": "de_DE",
    "en": "en_US",
    "es": "es_ES",
    "fr": "fr_FR",
    "it": "it_IT",
    "ja": "ja_JP",
    "nl": "nl_NL",
    "pl": "pl_PL",
    "ru": "ru_RU",
}
OWN_WORDS = {
    "pt": """ainda agora água alguém ali amanhã amigo animal antes apenas aqui árvore assim até azul bem boca
    bonito braço branco cabeça cada cadeira café caixa calor caminho carta casa cedo certo céu chave chuva
    cidade claro coisa com como comprar conta contra copo cor corpo correr criança dar dedo dentro depois desde
    dia dinheiro direito dizer dois doença dormir durante ela ele enquanto entre escola escrever escuro esperar
    esse este estrada falar família fazer fechar feliz festa ficar filho fim flor fogo fora força forte frio
    fruta gato gente grande guerra história hoje homem hora ideia igual irmão isso jardim jogo jovem lado lei
    leite leve livro logo longe lua lugar luz mãe maior mais mal mão mar menos mesa mês mesmo metade meu mulher
    mundo muito nada não nem noite nome nosso novo nunca olhar olho onde ontem outro pai palavra pão papel para
    parede parte passar pé pedra pequeno perto peso poder pois por porque porta pouco povo praça primeiro quando
    quase quem quente querer resposta rio rosto rua saber sair sala sem sempre ser sim sobre sol som sonho tarde
    tempo ter terra teto todo trabalho três triste tudo último vazio velho vento verdade verde vez viagem vida
    vinho voltar voz""",
    "sv": """aldrig alla alltid andra arbete art att barn bara berg berätta bil bild bli blå bok bord bra bred
    brev bro bror bröd bygga både båt där dag del det djur dotter dra dricka du dum dyr dålig dörr efter eld
    eller en enkel ensam ett fader falla familj fast fem fil fisk fjäll flera flod flyga folk fort fot fri fråga
    full färg för förstå gammal gata ge genom glad glas golv grön gå göra hals han hand hav hel hem hemma hitta
    hjälpa hjärta hon hund hus hår hård hälsa höra höst inte jord just kaffe kall kasta katt klar klocka kniv
    komma kort kraft krig kropp kunna kvinna känna köpa lag lampa land leva ljus luft lugn lång låta läsa löpa
    man mat med mellan mer min mindre minne mjuk mjölk mor morgon mot mun mur mycket måla måne många mörk namn
    natt ned nej ny när nästan någon och också olika ord papper plats pojke på regn resa ren rik rum röd röst
    sak salt samma sand se sedan sen sist sitta sjuk sjö skog skola skriva sko skön sluta små smal snö sol som
    son sommar sova springa stad stark sten stol stor stå svara svart syster säga söka tala tid till tio tro
    trygg trä tung två tyst tänka under ung upp ut vacker vad vara varm vatten veta vid viktig vind vinter vit
    väg vägg världen växa vår år äta öga öppen över""",
    "tr": """açık adam adım ağaç akşam alan altı anlam anlatmak anne ara araba arkadaş artık aslında at ateş ay
    ayak aynı az baba bahar bahçe balık baş başka bazen beklemek belki ben beyaz bilgi bilmek bin bir biraz biz
    boş boy bu bugün bulmak burada büyük cam can çay çiçek çocuk çok çünkü daha dağ dal deniz ders dış diğer dil
    doğru dolap dost dün dünya duvar eğer ekmek el en erken eski et ev evet fakat fikir gece geç geçmek gelmek
    genç gerçek gitmek giymek göl görmek göz güç gül gün güneş güzel haber hafta halk hangi hasta hava hayat
    hayvan hemen hep her hız hiç ışık ince insan iş istemek iyi kadın kağıt kalem kalın kalmak kalp kan kapı kar
    kara kardeş karşı kaş kedi kendi kırmızı kısa kış kitap kız kol kolay konu koşmak köpek köy kuş küçük kulak
    kum kuru masa mavi meyve mutlu ne neden nehir nerede niçin okul okumak olmak ona onlar orman orta oyun
    oynamak öğle ölüm ön önce öyle para parça pencere peynir renk resim ruh rüzgar saat sabah sabır saç sağ
    sakin sanat sarı sebep ses sevgi sıcak sıra siyah soğuk sokak son sonra sormak soru söz su süt şarkı şeker
    şey şimdi tarih taş tatlı tek temiz toprak tuz uçmak ucuz uzak uzun üç üst vakit var vermek ve ya yağmur
    yakın yan yaprak yaş yaz yazmak yedi yemek yeni yer yeşil yıl yıldız yok yol yumurta yüz yüksek zaman zor""",
    "ko": """가게 가끔 가난한 가르친다 가방 가볍다 가을 가족 간다 갑자기 강 같이 개 거리 거울 건강 걷는다 겨울
    결과 경험 계속 계획 고기 고맙다 고양이 공부 공원 과일 교실 구름 국가 귀 그래서 그러나 그리고 그림 글 금방
    기다린다 기분 기억 길 깊다 깨끗하다 꽃 꿈 끝 나라 나무 나중에 날씨 날마다 남자 낮 내일 너무 넓다 노래 논다
    높다 눈 늦게 다리 다시 다음 달 달린다 대답 대학 더 도시 도움 돈 돌 동물 두껍다 듣는다 땅 때때로 떠난다
    똑같다 뜨겁다 마시다 마음 마을 만든다 많이 말 맛 매우 머리 먹는다 멀다 모두 목소리 몸 무겁다 무엇 문 문제 물
    물건 미래 밑 바다 바람 바쁘다 밖 밤 밥 방 방법 배 배운다 버린다 별 보낸다 본다 봄 부모 불 비 빛 빠르다 빨간
    사과 사람 사랑 사무실 사실 산 살 새 새로운 색 생각 생활 선물 선생님 세계 소금 소리 손 쇠 술 숲 쉬운 슬프다
    시간 시원하다 시작 식당 신문 싫다 아기 아니다 아름답다 아마 아버지 아주 아직 아침 안 앉는다 알다 약 약속
    어둡다 어렵다 어머니 어제 언어 언제나 얼굴 여름 여자 여행 역사 연필 열다 영화 옆 예쁘다 오늘 오래 오후 온다
    옷 왜 요리 우산 우유 운동 웃는다 위 음식 음악 의자 이름 이야기 일찍 읽는다 입 자동차 작다 잔다 잘 저녁 적다
    전화 점심 정말 조금 조용하다 좋다 종이 주말 준다 중요하다 즐겁다 지금 지난주 직업 집 찾는다 책 천천히 춤
    친구 크다 파란 편지 피 필요하다 하늘 하루 학교 학생 함께 항상 해 행복 혼자 화요일마다 회사원 흐르다 흰""",
}
WORD = re.compile(r"[^\W\d_]+")


@functools.cache
def ordinary_words(language: str) -> tuple[str, ...]:
    """Return the ordinary words of a language, sorted.

    Example:
        >>> "because" in ordinary_words("en"), "amanhã" in ordinary_words("pt")
        (True, True)
    """
    if language in OWN_WORDS:
        words = OWN_WORDS[language].split()
    else:
        words = importlib.import_module(f"faker.providers.lorem.{FAKER_LISTS[language]}").Provider.word_list
    return tuple(sorted({word for word in words if WORD.fullmatch(word)}))
