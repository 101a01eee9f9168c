"""Locales of the entity generator: names from Faker, places from Faker and CLDR, company forms, currencies."""

import dataclasses
import functools
import importlib
import re
import unicodedata

from babel import Locale
from babel.dates import get_timezone_location

from dlseq.data.names.locales import locale_provider
from dlseq.errors import DataError

__all__ = ["LOCALES", "EntityLocale", "find_locale"]

ZONES = """Africa/Cairo Africa/Casablanca Africa/Lagos Africa/Nairobi Africa/Tunis America/Bogota America/Caracas
America/Chicago America/Denver America/Detroit America/Havana America/Lima America/Los_Angeles America/Montevideo
America/New_York America/Panama America/Phoenix America/Santiago America/Toronto America/Vancouver Asia/Baghdad
Asia/Bangkok Asia/Beirut Asia/Damascus Asia/Dhaka Asia/Hong_Kong Asia/Istanbul Asia/Jakarta Asia/Jerusalem Asia/Kabul
Asia/Karachi Asia/Manila Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tehran Asia/Tokyo
Australia/Adelaide Australia/Brisbane Australia/Melbourne Australia/Perth Australia/Sydney Europe/Amsterdam
Europe/Athens Europe/Belgrade Europe/Berlin Europe/Brussels Europe/Bucharest Europe/Budapest Europe/Copenhagen
Europe/Dublin Europe/Helsinki Europe/Kyiv Europe/Lisbon Europe/London Europe/Madrid Europe/Moscow Europe/Oslo
Europe/Paris Europe/Prague Europe/Riga Europe/Rome Europe/Sofia Europe/Stockholm Europe/Vienna Europe/Vilnius
Europe/Warsaw Europe/Zurich"""
"""Time zones whose cities CLDR names in many languages."""
NO_PLACES = ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
"""Codes of CLDR's territories that are unions, test data or unknown."""
FAKER_PLACES = ("cities", "city_names", "towns", "metropolitan_cities", "real_city_names")
MAX_PLACE_WORDS = 3
TOWNS = {
    "en_US": """Albany Anaheim Ashland Atlanta Aurora Austin Baltimore Bend Boise Boston Boulder Brooklyn Buffalo
    Burlington Camden Charleston Charlotte Chandler Cleveland Columbus Concord Cupertino Dallas Dayton Dover Duluth
    Durham Eugene Fairfield Fargo Flint Fresno Frisco Galveston Gary Georgetown Glendale Hartford Helena Hoboken
    Houston Independence Indianapolis Irvine Ithaca Jackson Jamestown Juneau Kenosha Knoxville Lansing Laredo Lincoln
    Louisville Lowell Lubbock Macon Madison Memphis Mesa Miami Milwaukee Minneapolis Mobile Nashville Newark Norfolk
    Oakland Omaha Orlando Oxnard Peoria Philadelphia Pittsburgh Portland Providence Raleigh Redmond Reno Richmond
    Rochester Rockford Sacramento Salem Savannah Scranton Seattle Shreveport Springfield Stockton Syracuse Tacoma
    Tallahassee Tampa Toledo Topeka Trenton Tucson Tulsa Waco Wichita Wilmington Yonkers""",
    "en_GB": """Aberdeen Bath Bedford Belfast Birmingham Blackpool Bournemouth Bradford Brighton Bristol Cambridge
    Canterbury Cardiff Carlisle Chester Colchester Coventry Derby Dover Dundee Durham Edinburgh Exeter Glasgow
    Gloucester Hastings Hereford Inverness Ipswich Lancaster Leeds Leicester Lincoln Liverpool Luton Maidstone
    Manchester Margate Middlesbrough Newcastle Newport Northampton Norwich Nottingham Oxford Perth Plymouth Portsmouth
    Preston Reading Rochdale Salisbury Sheffield Shrewsbury Southampton Stafford Stirling Stockport Sunderland Swansea
    Swindon Taunton Torquay Truro Wakefield Warwick Wigan Winchester Wolverhampton Worcester Worthing Wrexham York""",
    "fr_FR": """Agen Albi Amiens Angers Annecy Antibes Arles Arras Auch Aurillac Auxerre Avignon Bayonne Beauvais
    Belfort Besançon Béziers Blois Bordeaux Boulogne Bourges Brest Caen Cahors Calais Cannes Carcassonne Chambéry
    Chartres Cherbourg Cholet Colmar Compiègne Dax Dieppe Dijon Dole Dunkerque Épinal Évreux Foix Gap Grasse Grenoble
    Guéret Laon Laval Lens Lille Limoges Lorient Lourdes Lyon Mâcon Marseille Meaux Melun Metz Millau Montauban
    Montpellier Moulins Mulhouse Nancy Nantes Narbonne Nevers Nice Nîmes Niort Orange Orléans Pau Périgueux Perpignan
    Poitiers Quimper Reims Rennes Roanne Rodez Rouen Saintes Saumur Sedan Sens Strasbourg Tarbes Toulon Toulouse Tours
    Troyes Tulle Valence Vannes Verdun Versailles Vesoul Vichy Vienne""",
    "tr_TR": """Adana Afyon Aksaray Amasya Ankara Antalya Artvin Aydın Balıkesir Bartın Batman Bayburt Bilecik Bingöl
    Bitlis Bolu Burdur Bursa Çanakkale Çankırı Çorum Denizli Diyarbakır Düzce Edirne Elazığ Erzincan Erzurum Eskişehir
    Gaziantep Giresun Hakkari Hatay Iğdır Isparta İzmir Karabük Karaman Kars Kastamonu Kayseri Kilis Kırıkkale
    Kırklareli Kırşehir Kocaeli Konya Kütahya Malatya Manisa Mardin Mersin Muğla Muş Nevşehir Niğde Ordu Osmaniye Rize
    Sakarya Samsun Siirt Sinop Sivas Şanlıurfa Şırnak Tekirdağ Tokat Trabzon Uşak Van Yalova Yozgat Zonguldak""",
    "pt_BR": """Aracaju Araraquara Barueri Bauru Belém Betim Blumenau Brasília Campinas Canoas Caruaru Cascavel Caxias
    Contagem Cuiabá Curitiba Diadema Florianópolis Fortaleza Franca Goiânia Guarulhos Ilhéus Itabuna Jundiaí Joinville
    Limeira Londrina Macapá Maceió Manaus Maringá Marília Mossoró Natal Niterói Olinda Osasco Palmas Petrolina
    Petrópolis Piracicaba Recife Salvador Santos Sobral Sorocaba Suzano Taubaté Teresina Uberaba Uberlândia Vitória""",
    "es_ES": """Albacete Alicante Almería Ávila Badajoz Barcelona Bilbao Burgos Cáceres Cádiz Cartagena Castellón Ceuta
    Córdoba Cuenca Elche Gerona Gijón Granada Guadalajara Huelva Huesca Jaén León Lérida Logroño Lugo Málaga Melilla
    Murcia Orense Oviedo Palencia Pamplona Pontevedra Salamanca Segovia Sevilla Soria Tarragona Teruel Toledo Valencia
    Valladolid Vigo Vitoria Zamora Zaragoza""",
}
"""Towns of locales for which Faker has only invented ones or few."""


@dataclasses.dataclass(frozen=True)
class EntityLocale:
    """Material of a locale.

    Args:
        name: such as "en_US", for Faker and CLDR.
        suffixes: legal forms that end the name of a company.
        trades: words between name and legal form.
        currencies: codes, each with its name as prices are written.
        million: word for a million between a number and the name of a currency; "" for none.
        prefixes: legal forms that begin the name of a company.
        join: characters between the parts of a name.
        family_first: the last name precedes the first name.
    """

    name: str
    suffixes: tuple[str, ...]
    trades: tuple[str, ...]
    currencies: tuple[tuple[str, str], ...]
    million: str = ""
    prefixes: tuple[str, ...] = ()
    join: str = " "
    family_first: bool = False

    @property
    def language(self) -> str:
        return self.name.partition("_")[0]

    @functools.cached_property
    def people(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """First and last names that go together: men's and women's."""
        provider = locale_provider(self.name)
        return tuple(
            (_names(provider, f"first_names_{gender}", "first_names"), _last_names(provider, gender))
            for gender in ("male", "female")
        )

    @functools.cached_property
    def places(self) -> tuple[str, ...]:
        """Towns of the locale, and countries and large cities in its language, sorted."""
        found = set(TOWNS.get(self.name, "").split()) | set(_cldr_places(self.name))
        try:
            provider = importlib.import_module(f"faker.providers.address.{self.name}").Provider
        except ModuleNotFoundError:
            provider = None
        base = importlib.import_module("faker.providers.address").Provider
        for attribute in FAKER_PLACES:
            names = getattr(provider, attribute, ())
            found |= set() if names is getattr(base, attribute, None) else set(names)
        composed = {" ".join(unicodedata.normalize("NFC", name).split()) for name in found}
        return tuple(sorted(name for name in composed if _is_plain(name)))


LOCALES = {
    locale.name: locale
    for locale in (
        EntityLocale(
            "en_US",
            ("Inc.", "Inc", "LLC", "Corp.", "Group", "& Co.", "and Sons", "Holdings"),
            ("Systems", "Energy", "Foods", "Motors", "Airlines", "Bank", "Media", "Pharma", "Steel", "Software"),
            (("USD", "dollars"), ("EUR", "euros"), ("CAD", "Canadian dollars")),
            "million",
        ),
        EntityLocale(
            "en_GB",
            ("Ltd", "Ltd.", "PLC", "plc", "Limited", "Group", "& Sons", "LLP"),
            ("Insurance", "Railways", "Textiles", "Partners", "Logistics", "Bank", "Press", "Homes", "Oil", "Brewery"),
            (("GBP", "pounds"), ("EUR", "euros"), ("USD", "dollars")),
            "million",
        ),
        EntityLocale(
            "fr_FR",
            ("SA", "S.A.", "SARL", "SAS", "S.A.S.", "et Fils", "et Cie"),
            ("Énergie", "Transports", "Assurances", "Conseil", "Textiles", "Industries", "Médias", "Voyages"),
            (("EUR", "euros"), ("CHF", "francs suisses"), ("USD", "dollars")),
            "millions d'",
        ),
        EntityLocale(
            "de_DE",
            ("GmbH", "AG", "KG", "OHG", "e.V.", "GmbH & Co. KG", "SE"),
            ("Logistik", "Maschinenbau", "Versicherungen", "Technik", "Verlag", "Stahl", "Reisen", "Brauerei"),
            (("EUR", "Euro"), ("CHF", "Franken"), ("USD", "Dollar")),
            "Millionen",
        ),
        EntityLocale(
            "es_ES",
            ("S.A.", "S.L.", "SL", "S.A.U.", "y asociados", "S.Coop."),
            ("Energía", "Transportes", "Seguros", "Textiles", "Industrias", "Alimentos", "Viajes", "Construcciones"),
            (("EUR", "euros"), ("USD", "dólares"), ("MXN", "pesos")),
            "millones de",
        ),
        EntityLocale(
            "it_IT",
            ("S.p.A.", "SpA", "S.r.l.", "srl", "e figli", "S.n.c."),
            ("Energia", "Trasporti", "Assicurazioni", "Alimentari", "Industrie", "Viaggi", "Editore", "Costruzioni"),
            (("EUR", "euro"), ("USD", "dollari"), ("CHF", "franchi")),
            "milioni di",
        ),
        EntityLocale(
            "pt_BR",
            ("S.A.", "S/A", "Ltda.", "Ltda", "e Filhos", "EIRELI"),
            ("Energia", "Transportes", "Seguros", "Alimentos", "Indústrias", "Viagens", "Editora", "Têxtil"),
            (("BRL", "reais"), ("USD", "dólares"), ("EUR", "euros")),
            "milhões de",
        ),
        EntityLocale(
            "nl_NL",
            ("BV", "B.V.", "NV", "N.V.", "Groep", "en Zonen", "VOF"),
            ("Transport", "Verzekeringen", "Techniek", "Bouw", "Uitgeverij", "Reizen", "Zuivel", "Staal"),
            (("EUR", "euro"), ("USD", "dollar"), ("GBP", "pond")),
            "miljoen",
        ),
        EntityLocale(
            "pl_PL",
            ("Sp. z o.o.", "S.A.", "Sp.j.", "s.c.", "Sp.k."),
            ("Transport", "Ubezpieczenia", "Budownictwo", "Energia", "Wydawnictwo", "Mleczarnia"),
            (("PLN", "złotych"), ("EUR", "euro"), ("USD", "dolarów")),
            "mln",
            ("Grupa", "Spółdzielnia", "Fundacja", "PPUH"),
        ),
        EntityLocale(
            "cs_CZ",
            ("s.r.o.", "a.s.", "v.o.s.", "k.s.", "spol. s r.o."),
            ("Doprava", "Pojišťovna", "Stavby", "Energie", "Pivovar", "Strojírny"),
            (("CZK", "korun"), ("EUR", "eur"), ("USD", "dolarů")),
            "milionů",
        ),
        EntityLocale(
            "sv_SE",
            ("AB", "HB", "& Söner AB", "KB"),
            ("Transport", "Bygg", "Energi", "Försäkring", "Stål", "Förlag", "Teknik"),
            (("SEK", "kronor"), ("EUR", "euro"), ("USD", "dollar")),
            "miljoner",
        ),
        EntityLocale(
            "da_DK",
            ("A/S", "ApS", "& Søn", "I/S"),
            ("Transport", "Byg", "Energi", "Forsikring", "Stål", "Forlag", "Mejeri"),
            (("DKK", "kroner"), ("EUR", "euro"), ("USD", "dollar")),
            "millioner",
        ),
        EntityLocale(
            "tr_TR",
            ("A.Ş.", "Ltd. Şti.", "Ltd.", "Tic. A.Ş.", "San. A.Ş."),
            ("Enerji", "Sigorta", "İnşaat", "Tekstil", "Gıda", "Turizm", "Yayınevi"),
            (("TRY", "lira"), ("EUR", "avro"), ("USD", "dolar")),
            "milyon",
        ),
        EntityLocale(
            "ru_RU",
            ("Групп", "и партнеры", "Лтд"),
            ("Энерго", "Транс", "Строй", "Банк", "Сталь"),
            (("RUB", "рублей"), ("EUR", "евро"), ("USD", "долларов")),
            "млн",
            ("ООО", "АО", "ЗАО", "ОАО", "ПАО"),
        ),
        EntityLocale(
            "ko_KR",
            ("그룹", "전자", "건설", "은행", "화학", "상사"),
            ("개발", "기술", "통신", "제약", "물산", "식품"),
            (("KRW", "원"), ("USD", "달러"), ("EUR", "유로")),
            "백만",
            ("(주)", "주식회사", "(유)", "유한회사"),
            join="",
            family_first=True,
        ),
        EntityLocale(
            "ja_JP",
            ("株式会社", "有限会社", "合同会社"),
            ("水産", "農林", "鉱業", "建設", "食品", "印刷", "電気", "ガス", "運輸", "保険", "銀行"),
            (("JPY", "円"), ("USD", "ドル"), ("EUR", "ユーロ")),
            "万",
            ("株式会社", "有限会社", "合同会社"),
            join="",
            family_first=True,
        ),
    )
}


def find_locale(name: str) -> EntityLocale:
    """Return a locale by name.

    Raises:
        DataError: There are no templates for it.

    Example:
        >>> find_locale("de_DE").language
        'de'
    """
    spelled = str(name).strip().replace("-", "_")
    if spelled not in LOCALES:
        raise DataError(f"Unknown locale of entities. Expected one of: {', '.join(LOCALES)}. Received: {name}.")
    return LOCALES[spelled]


def _names(provider, *attributes) -> tuple[str, ...]:
    """Return the first list of a provider that is not empty, sorted and without names of several words."""
    for attribute in attributes:
        names = sorted({unicodedata.normalize("NFC", name) for name in getattr(provider, attribute, ())})
        names = [name for name in names if " " not in name and "." not in name]
        if names:
            return tuple(names)
    raise DataError(f"Faker's provider {provider.__module__} has no names. Expected {attributes[-1]}.")


def _last_names(provider, gender) -> tuple[str, ...]:
    return _names(provider, f"last_names_{gender}", f"{gender}_last_names", "unisex_last_names", "last_names")


def _cldr_places(name):
    """Yield the countries, and the cities of time zones, in the language of a locale."""
    locale = Locale.parse(name)
    codes = (code for code in locale.territories if re.fullmatch("[A-Z]{2}", code) and code not in NO_PLACES)
    yield from (locale.territories[code] for code in codes)
    yield from (get_timezone_location(zone, locale=locale, return_city=True) for zone in ZONES.split())


def _is_plain(name):
    """Return whether a place has at most three words and no brackets or digits."""
    return len(name.split()) <= MAX_PLACE_WORDS and not re.search(r"[()\[\]\d/,&.’']", name)
