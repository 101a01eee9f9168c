"""Nouns in English, French and Korean, written by hand.

No two nouns share their French or their Korean form, so that a source sentence has one translation.
"""

import dataclasses

__all__ = ["NOUNS", "NounEntry", "rows_of"]


@dataclasses.dataclass(frozen=True)
class NounEntry:
    """A noun in three languages.

    Attributes:
        english: singular and plural.
        french: singular and plural.
        feminine: True for a feminine French noun.
        korean: the noun.
        counter: the Korean counter that follows a number: 책 세 권.
        kind: the class of things by which verbs select their objects.
    """

    english: tuple[str, str]
    french: tuple[str, str]
    feminine: bool
    korean: str
    counter: str
    kind: str


# English | its plural | French, with gender | its plural | Korean | counter
_NOUNS = {
    "person": """
        man|men|homme m|hommes|남자|명
        woman|women|femme f|femmes|여자|명
        child|children|enfant m|enfants|아이|명
        boy|boys|garçon m|garçons|소년|명
        girl|girls|fille f|filles|소녀|명
        friend|friends|ami m|amis|친구|명
        teacher|teachers|professeur m|professeurs|선생님|명
        doctor|doctors|médecin m|médecins|의사|명
        nurse|nurses|infirmière f|infirmières|간호사|명
        student|students|étudiant m|étudiants|학생|명
        neighbor|neighbors|voisin m|voisins|이웃|명
        brother|brothers|frère m|frères|형제|명
        sister|sisters|sœur f|sœurs|자매|명
        uncle|uncles|oncle m|oncles|삼촌|명
        aunt|aunts|tante f|tantes|이모|명
        cousin|cousins|cousin m|cousins|사촌|명
        musician|musicians|musicien m|musiciens|음악가|명
        painter|painters|peintre m|peintres|화가|명
        writer|writers|écrivain m|écrivains|작가|명
        farmer|farmers|agriculteur m|agriculteurs|농부|명
        baker|bakers|boulanger m|boulangers|제빵사|명
        soldier|soldiers|soldat m|soldats|군인|명
        lawyer|lawyers|avocat m|avocats|변호사|명
        engineer|engineers|ingénieur m|ingénieurs|기술자|명
        singer|singers|chanteur m|chanteurs|가수|명
        driver|drivers|conducteur m|conducteurs|운전사|명
        guest|guests|invité m|invités|손님|명
        tourist|tourists|touriste m|touristes|관광객|명
        person|people|personne f|personnes|사람|명
    """,
    "animal": """
        dog|dogs|chien m|chiens|개|마리
        cat|cats|chat m|chats|고양이|마리
        horse|horses|cheval m|chevaux|말|마리
        bird|birds|oiseau m|oiseaux|새|마리
        cow|cows|vache f|vaches|소|마리
        sheep|sheep|mouton m|moutons|양|마리
        rabbit|rabbits|lapin m|lapins|토끼|마리
        lion|lions|lion m|lions|사자|마리
        elephant|elephants|éléphant m|éléphants|코끼리|마리
        monkey|monkeys|singe m|singes|원숭이|마리
        duck|ducks|canard m|canards|오리|마리
        bear|bears|ours m|ours|곰|마리
    """,
    "food": """
        apple|apples|pomme f|pommes|사과|개
        pear|pears|poire f|poires|배|개
        orange|oranges|orange f|oranges|오렌지|개
        cherry|cherries|cerise f|cerises|체리|개
        tomato|tomatoes|tomate f|tomates|토마토|개
        potato|potatoes|pomme de terre f|pommes de terre|감자|개
        carrot|carrots|carotte f|carottes|당근|개
        egg|eggs|œuf m|œufs|달걀|개
        cake|cakes|gâteau m|gâteaux|케이크|개
        cookie|cookies|biscuit m|biscuits|과자|개
        sandwich|sandwiches|sandwich m|sandwichs|샌드위치|개
        salad|salads|salade f|salades|샐러드|개
        pizza|pizzas|pizza f|pizzas|피자|개
        strawberry|strawberries|fraise f|fraises|딸기|개
    """,
    "drink": """
        coffee|coffees|café m|cafés|커피|잔
        tea|teas|thé m|thés|차|잔
        juice|juices|jus m|jus|주스|잔
        beer|beers|bière f|bières|맥주|잔
    """,
    "text": """
        book|books|livre m|livres|책|권
        letter|letters|lettre f|lettres|편지|통
        newspaper|newspapers|journal m|journaux|신문|장
        poem|poems|poème m|poèmes|시|편
        story|stories|histoire f|histoires|이야기|편
        novel|novels|roman m|romans|소설|권
        postcard|postcards|carte postale f|cartes postales|엽서|장
        magazine|magazines|magazine m|magazines|잡지|권
        report|reports|rapport m|rapports|보고서|편
    """,
    "sound": """
        song|songs|chanson f|chansons|노래|곡
        concert|concerts|concert m|concerts|음악회|개
        symphony|symphonies|symphonie f|symphonies|교향곡|곡
    """,
    "show": """
        movie|movies|film m|films|영화|편
        play|plays|pièce de théâtre f|pièces de théâtre|연극|편
        match|matches|match m|matchs|경기|개
    """,
    "building": """
        museum|museums|musée m|musées|박물관|곳
        church|churches|église f|églises|교회|곳
        castle|castles|château m|châteaux|성|곳
        school|schools|école f|écoles|학교|곳
        hospital|hospitals|hôpital m|hôpitaux|병원|곳
        restaurant|restaurants|restaurant m|restaurants|식당|곳
        market|markets|marché m|marchés|시장|곳
        garden|gardens|jardin m|jardins|정원|곳
        library|libraries|bibliothèque f|bibliothèques|도서관|곳
        village|villages|village m|villages|마을|곳
        town|towns|ville f|villes|도시|곳
        bridge|bridges|pont m|ponts|다리|개
        island|islands|île f|îles|섬|개
        beach|beaches|plage f|plages|해변|곳
        forest|forests|forêt f|forêts|숲|곳
        lake|lakes|lac m|lacs|호수|개
        mountain|mountains|montagne f|montagnes|산|개
        river|rivers|rivière f|rivières|강|개
    """,
    "vehicle": """
        car|cars|voiture f|voitures|자동차|대
        bicycle|bicycles|vélo m|vélos|자전거|대
        boat|boats|bateau m|bateaux|보트|척
        truck|trucks|camion m|camions|트럭|대
    """,
    "clothes": """
        hat|hats|chapeau m|chapeaux|모자|개
        coat|coats|manteau m|manteaux|외투|벌
        dress|dresses|robe f|robes|원피스|벌
        shirt|shirts|chemise f|chemises|셔츠|벌
        skirt|skirts|jupe f|jupes|치마|벌
        scarf|scarves|écharpe f|écharpes|목도리|개
    """,
    "thing": """
        house|houses|maison f|maisons|집|채
        table|tables|table f|tables|탁자|개
        chair|chairs|chaise f|chaises|의자|개
        lamp|lamps|lampe f|lampes|램프|개
        key|keys|clé f|clés|열쇠|개
        bag|bags|sac m|sacs|가방|개
        box|boxes|boîte f|boîtes|상자|개
        flower|flowers|fleur f|fleurs|꽃|송이
        picture|pictures|tableau m|tableaux|그림|점
        photo|photos|photo f|photos|사진|장
        clock|clocks|horloge f|horloges|시계|개
        watch|watches|montre f|montres|손목시계|개
        guitar|guitars|guitare f|guitares|기타|대
        piano|pianos|piano m|pianos|피아노|대
        ball|balls|ballon m|ballons|공|개
        computer|computers|ordinateur m|ordinateurs|컴퓨터|대
        phone|phones|téléphone m|téléphones|전화기|대
        camera|cameras|appareil photo m|appareils photo|카메라|대
        ticket|tickets|billet m|billets|표|장
        gift|gifts|cadeau m|cadeaux|선물|개
        umbrella|umbrellas|parapluie m|parapluies|우산|개
        map|maps|carte f|cartes|지도|장
        toy|toys|jouet m|jouets|장난감|개
        knife|knives|couteau m|couteaux|칼|개
        bottle|bottles|bouteille f|bouteilles|병|개
        window|windows|fenêtre f|fenêtres|창문|개
        door|doors|porte f|portes|문|개
    """,
    "idea": """
        culture|cultures|culture f|cultures|문화|개
        trip|trips|voyage m|voyages|여행|번
        language|languages|langue f|langues|언어|개
        idea|ideas|idée f|idées|생각|개
        plan|plans|projet m|projets|계획|개
        dream|dreams|rêve m|rêves|꿈|개
        problem|problems|problème m|problèmes|문제|개
        secret|secrets|secret m|secrets|비밀|개
        lesson|lessons|leçon f|leçons|수업|개
        party|parties|fête f|fêtes|파티|번
        game|games|jeu m|jeux|게임|개
        landscape|landscapes|paysage m|paysages|풍경|개
    """,
}


def rows_of(table: str) -> list[list[str]]:
    """Split a table into the fields of its lines, which are separated by bars."""
    return [[field.strip() for field in line.split("|")] for line in table.strip().splitlines()]


def _noun(kind, singular, plural, french, french_plural, korean, counter):
    stem, gender = french.rsplit(" ", 1)
    return NounEntry((singular, plural), (stem, french_plural), gender == "f", korean, counter, kind)


NOUNS: dict[str, NounEntry] = {row[0]: _noun(kind, *row) for kind, table in _NOUNS.items() for row in rows_of(table)}
"""Nouns by their English singular."""
