"""What is measured of patients in intensive care: names, also those of files, units, usual and possible values."""

from dataclasses import dataclass

MMHG, PER_MIN, MMOL, MG_DL, UNITS_L = "mmHg", "/min", "mmol/L", "mg/dL", "U/L"


@dataclass(frozen=True)
class Variable:
    """One variable. A value outside of `possible` is a mistake and is not read."""

    name: str  # on the screen, and of the recording's lead
    unit: str
    possible: tuple[float, float]
    normal: tuple[float, float] | None = None  # of adults; None: there is no such range
    names: tuple[str, ...] = ()  # in files
    skewed: bool = False  # its logarithm is what is near to normally distributed


# Ranges of usual values as in MSD and Merck manuals for adults; what is possible is wider than any living patient's.
VARIABLES = (
    Variable("Heart rate", PER_MIN, (10, 300), (60, 100), ("HR", "Heart Rate")),
    Variable("Mean pressure", MMHG, (10, 250), (65, 105), ("MAP", "Mean blood pressure")),
    Variable("Systolic pressure", MMHG, (20, 300), (90, 140), ("SysABP", "Systolic blood pressure")),
    Variable("Diastolic pressure", MMHG, (5, 200), (60, 90), ("DiasABP", "Diastolic blood pressure")),
    Variable("Mean, cuff", MMHG, (10, 250), (65, 105), ("NIMAP",)),
    Variable("Systolic, cuff", MMHG, (20, 300), (90, 140), ("NISysABP",)),
    Variable("Diastolic, cuff", MMHG, (5, 200), (60, 90), ("NIDiasABP",)),
    Variable("Respiratory rate", PER_MIN, (1, 100), (12, 20), ("RespRate", "Respiratory rate")),
    Variable("Oxygen saturation", "%", (20, 100), (94, 100), ("SaO2", "Oxygen saturation")),
    Variable("FiO2", "", (0.2, 1), (0.21, 0.4), ("FiO2", "Fraction inspired oxygen")),
    Variable("Ventilated", "0/1", (0, 1), None, ("MechVent",)),
    Variable("PaO2", MMHG, (10, 700), (75, 100), ("PaO2",)),
    Variable("PaCO2", MMHG, (5, 200), (35, 45), ("PaCO2",)),
    Variable("pH", "", (6.5, 8), (7.35, 7.45), ("pH",)),
    Variable("Temperature", "°C", (25, 45), (36, 38), ("Temp", "Temperature")),
    Variable("Glasgow coma scale", "points", (3, 15), (14, 15), ("GCS", "Glascow coma scale total")),
    Variable("GCS, eyes", "points", (1, 4), (4, 4), ("Glascow coma scale eye opening",)),
    Variable("GCS, motor", "points", (1, 6), (6, 6), ("Glascow coma scale motor response",)),
    Variable("GCS, verbal", "points", (1, 5), (5, 5), ("Glascow coma scale verbal response",)),
    Variable("Urine", "mL", (0, 5000), (30, 200), ("Urine",), skewed=True),
    Variable("Lactate", MMOL, (0.1, 40), (0.5, 2), ("Lactate",), skewed=True),
    Variable("Bicarbonate", MMOL, (1, 60), (22, 28), ("HCO3",)),
    Variable("Urea nitrogen", MG_DL, (1, 300), (7, 20), ("BUN",), skewed=True),
    Variable("Creatinine", MG_DL, (0.1, 40), (0.6, 1.2), ("Creatinine",), skewed=True),
    Variable("Sodium", MMOL, (90, 200), (135, 145), ("Na",)),
    Variable("Potassium", MMOL, (1, 15), (3.5, 5), ("K",)),
    # The challenge's page says mmol/L; its values (median 2.0) are mg/dL.
    Variable("Magnesium", MG_DL, (0.2, 12), (1.7, 2.4), ("Mg",)),
    Variable("Glucose", MG_DL, (8, 2000), (70, 140), ("Glucose",), skewed=True),
    Variable("Haematocrit", "%", (4, 75), (36, 48), ("HCT",)),
    Variable("Platelets", "10⁹/L", (1, 2500), (150, 400), ("Platelets",), skewed=True),
    Variable("White cells", "10⁹/L", (0.05, 500), (4, 11), ("WBC",), skewed=True),
    Variable("Albumin", "g/dL", (0.5, 8), (3.5, 5), ("Albumin",)),
    Variable("Alkaline phosphatase", UNITS_L, (1, 10_000), (40, 130), ("ALP",), skewed=True),
    Variable("ALT", UNITS_L, (1, 40_000), (7, 55), ("ALT",), skewed=True),
    Variable("AST", UNITS_L, (1, 60_000), (10, 40), ("AST",), skewed=True),
    Variable("Bilirubin", MG_DL, (0.05, 90), (0.2, 1.2), ("Bilirubin",), skewed=True),
    Variable("Cholesterol", MG_DL, (15, 900), (120, 200), ("Cholesterol",)),
    Variable("Troponin I", "µg/L", (0, 500), (0, 0.4), ("TroponinI",), skewed=True),
    Variable("Troponin T", "µg/L", (0, 100), (0, 0.1), ("TroponinT",), skewed=True),
    Variable("Capillary refill, slow", "0/1", (0, 1), (0, 0), ("Capillary refill rate",)),
    Variable("Weight", "kg", (20, 400), None, ("Weight",)),
    Variable("Height", "cm", (100, 230), None, ("Height",)),
    Variable("Age", "years", (14, 110), None, ("Age",)),
    Variable("Male", "0/1", (0, 1), None, ("Gender",)),
    Variable("Coronary care unit", "0/1", (0, 1)),
    Variable("Cardiac surgery unit", "0/1", (0, 1)),
    Variable("Medical unit", "0/1", (0, 1)),
    Variable("Surgical unit", "0/1", (0, 1)),
)
BY_NAME = {name: variable for variable in VARIABLES for name in (variable.name, *variable.names)}
