"""Words from which people, shops, towns and insurers are invented. None of them exists together."""

from __future__ import annotations

FIRST_NAMES_M = (
    "Adrien", "Alban", "Amaury", "Anatole", "Armand", "Aurélien", "Axel", "Bakary", "Basile", "Benoît", "Cédric",
    "Corentin", "Cyprien", "Damien", "Élie", "Éloi", "Émilien", "Fabrice", "Félix", "Florent", "Gaël", "Gauthier",
    "Gérald", "Ghislain", "Hamid", "Ilyès", "Jean-Baptiste", "Jean-Noël", "Joachim", "Joris", "Karim", "Killian",
    "Léandre", "Loïc", "Ludovic", "Marc-Antoine", "Marin", "Mathurin", "Maxence", "Moussa", "Noé", "Octave", "Oscar",
    "Pierrick", "Quentin", "Rayan", "Régis", "Rodolphe", "Ronan", "Sacha", "Samir", "Sylvain", "Tanguy", "Théodore",
    "Tristan", "Ulysse", "Valère", "Xavier", "Yann", "Youssef",
)  # fmt: skip

FIRST_NAMES_F = (
    "Adèle", "Agathe", "Aïcha", "Anaëlle", "Anne-Laure", "Apolline", "Armelle", "Aurore", "Bérénice", "Blandine",
    "Capucine", "Célestine", "Clarisse", "Coralie", "Daphné", "Delphine", "Diane", "Édith", "Éléonore", "Elsa",
    "Estelle", "Eugénie", "Fatou", "Flavie", "Garance", "Gwenaëlle", "Héloïse", "Ingrid", "Iris", "Jade", "Joséphine",
    "Khadija", "Laurène", "Leïla", "Lise-Marie", "Lucille", "Madeleine", "Maëlys", "Maïwenn", "Marie-Ange", "Marjorie",
    "Mélusine", "Myriam", "Nadège", "Noémie", "Ophélie", "Pauline", "Prune", "Romane", "Rosalie", "Salomé", "Ségolène",
    "Solène", "Suzanne", "Thaïs", "Ursule", "Violette", "Yasmine", "Yolande", "Zélie",
)  # fmt: skip

LAST_NAMES = (
    "Abrazac", "Aubignat", "Bachellerie", "Barbotin", "Bastérix", "Bélugard", "Bénézis", "Berthaumieux", "Bouchardeix",
    "Boissonnot", "Bragelonge", "Brichemont", "Cadilhac", "Calmejane", "Carboneil", "Chabrillat", "Chamboredon",
    "Champclos", "Chantereau", "Charvolin", "Chazarenc", "Coëtmeur", "Corbineau-Lasne", "Courtecuisse", "Crespelle",
    "Dagobert-Vial", "Danguillaume", "Dauvergnat", "Delacressonnière", "Delépinay", "Desvaronnes", "Diakhoumpa",
    "Dorvigny", "Dubreuilh-Mazet", "Durandeau", "Ehrlacher", "Escoubas", "Estournel", "Étchebarne", "Falgayrettes",
    "Fauchereux", "Ferraudin", "Fontvieille", "Fourmentraux", "Gachassin", "Galibourg", "Gaudechoux", "Gensollen",
    "Giraudeaux", "Goasdoué", "Grangousier", "Guilhaumon", "Hallouine", "Haudricourt", "Heurtevent", "Jacquemoud",
    "Jolivald", "Kerbrezillec", "Kerdoncuff", "Lacaussade", "Lagadeuc", "Lamoricet", "Lancelevée", "Larrouturoux",
    "Lebrasseux", "Lempereuse", "L'Hermitteau", "Le Guelvouit", "Le Troadecq", "Loubignac", "Mahieddinez", "Maisonnabe",
    "Malaterret", "Marchandise", "Mauvezinet", "Mazeyroux", "Mercadiol", "Montaudouin", "Mouillefarine", "Naboulsky",
    "N'Diembour", "Nogarède", "Ouedraougou", "Pampelonne", "Peyrichoux", "Pipereaux", "Poissonneau", "Puyravaud",
    "Quérillac", "Queyrousse", "Rabouillet", "Rambourdin", "Ratsimbazy", "Rochebouët", "Roumégoux", "Saint-Ferjeux",
    "Sarrazeau", "Sauvageonne", "Schoettelin", "Ségalard", "Soulagnet", "Szymanowicz", "Tabouillot", "Tastevin",
    "Tournebize-Roux", "Toussenel", "Tréhorel", "Trémoulinas", "Vaissermann", "Valdenairet", "Vandermeulebroeck",
    "Varagnole", "Verdolin", "Vieillescazes", "Villechenoux", "Wattrelois", "Ybarnégaray", "Zerroukhi",
)  # fmt: skip

PARTICLES = ("de", "du", "de la", "d'")

#: (department, postcode, town); the towns are invented so that no address exists.
TOWNS = (
    ("01", "01290", "Saint-Aubrin-sur-Veyle"), ("06", "06450", "Roquevieille-les-Pins"), ("13", "13640", "Fontcoussy"),
    ("14", "14520", "Port-en-Caudal"), ("17", "17350", "Marennac-la-Seudre"), ("21", "21190", "Vosnay-le-Château"),
    ("22", "22740", "Plouézelec"), ("25", "25340", "Montbozin"), ("29", "29640", "Lannargat"),
    ("31", "31520", "Ramoncastel"), ("33", "33610", "Cestrac"), ("34", "34230", "Paulhezan"),
    ("35", "35580", "Guichelande"), ("37", "37390", "Mettrais-sur-Loire"), ("38", "38660", "Le Touvion"),
    ("44", "44810", "Héricourt-en-Retz"), ("45", "45160", "Olivay"), ("49", "49610", "Mozé-les-Rivières"),
    ("51", "51390", "Gueuxville"), ("54", "54280", "Seichampré"), ("57", "57130", "Ars-le-Mesnil"),
    ("59", "59242", "Templemars-en-Pévèle"), ("62", "62217", "Beaurepaire-lez-Scarpe"), ("63", "63370", "Lempdoux"),
    ("64", "64121", "Serres-Castillon"), ("66", "66240", "Saint-Estebany"), ("67", "67360", "Woertheim"),
    ("69", "69670", "Vaugneraye"), ("73", "73190", "Challes-le-Bourget"), ("75", "75021", "Paris"),
    ("76", "76710", "Montvilliers-le-Bec"), ("78", "78830", "Bonnellard"), ("80", "80480", "Saleuse"),
    ("83", "83330", "Le Beaussart"), ("85", "85340", "Olonnaise"), ("86", "86280", "Saint-Benoist-le-Clain"),
    ("87", "87430", "Verneuilh"), ("91", "91470", "Limours-la-Forêt"), ("92", "92390", "Villeneuve-Garenne"),
    ("94", "94520", "Mandrelles"), ("2A", "20167", "Sarrolacciu"), ("2B", "20221", "Cervioncu"),
)  # fmt: skip

STREETS = (
    "rue des Tisserands", "avenue du Vieux-Moulin", "place de la Halle-aux-Grains", "impasse des Hirondelles",
    "boulevard des Quatre-Saisons", "rue du Puits-Salé", "chemin de la Grange-Neuve", "allée des Noisetiers",
    "rue Basse-du-Rempart", "quai des Gabares", "rue de la Fontaine-aux-Loups", "avenue des Marronniers",
    "cours des Maraîchers", "rue du Four-à-Chaux", "route de Bellegarde", "square des Alouettes", "rue des Trois-Ponts",
    "passage du Cadran", "rue de l'Ancienne-Poste", "montée des Carmélites", "rue Froide", "sentier des Douaniers",
)  # fmt: skip

MUTUELLES = (
    "Mutuelle Cabestan", "Solimut'Ouest Entraide", "La Ruche Prévoyante", "Mutuelle des Quatre Vents",
    "Harmonie des Métiers", "Alliance Santé Bocage", "Prévia Mutualité", "Mutuelle Arc-en-Terre", "Union Santé Lavande",
)  # fmt: skip

#: (name, bank code, first six characters of the BIC); invented.
BANKS = (
    ("Banque du Littoral", "17939", "BQLTFR"), ("Crédit Coopérant de l'Ouest", "18429", "CCOWFR"),
    ("Caisse Fédérale des Deux Rives", "14739", "CFDRFR"), ("Banque Artisane et Rurale", "10589", "BARUFR"),
    ("Société Bancaire du Val", "19549", "SBVLFR"), ("NéoCompte", "16839", "NEOCFR"),
)  # fmt: skip

OPTICIANS = (
    "Optique des Arceaux", "L'Œil du Phare", "Vision Tilleul", "Lunetterie du Marché Couvert", "Opti'Rivage",
    "Maison Bellevue Opticiens", "Atelier Monture & Co", "Le Binocle Bleu", "Regard Neuf Optique",
)  # fmt: skip
AUDIO_SHOPS = (
    "Audition Clairson", "Centre Auditif du Parvis", "L'Oreille Fine", "Sonancia Audioprothèse", "Entendre & Vivre",
    "Laboratoire d'Audition Vélin",
)  # fmt: skip
PHARMACIES = (
    "Pharmacie du Lavoir", "Pharmacie des Quatre Chemins", "Grande Pharmacie du Beffroi", "Pharmacie de la Passerelle",
    "Pharmacie Sainte-Tullie", "Pharmacie des Capucines", "Pharmacie du Rond-Point Vert",
)  # fmt: skip
LABORATORIES = ("Laboratoire BioVallon", "Labo Rive Claire", "Biologie Médicale des Coteaux")
EQUIPMENT_SHOPS = ("Médico-Confort Services", "Santé Matériel 21", "Orthopédie du Vieux Pont")
CLINICS = (
    "Clinique du Val Fleury", "Clinique Saint-Évroult", "Polyclinique des Remparts", "Clinique des Trois Sources",
    "Hôpital privé du Belvédère", "Centre hospitalier du Pays de Brenne", "Centre hospitalier Marguerite-Aubry",
)  # fmt: skip
HEARING_BRANDS = ("Sonéa", "Akustika", "Voxéo", "Nordhör", "Lyrane")
FRAME_BRANDS = ("Caravelle", "Pépite", "Nordet", "Studio Lin", "Aristide", "Mistigri", "Blue Harbor")
LENS_BRANDS = ("Cristallis", "Optalor", "Novalens", "Claréo")
