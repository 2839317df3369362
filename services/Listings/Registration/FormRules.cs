using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Registration;

/// <summary>What the registration form and the declaration on secrets may say (domain brief §1.2, §1.9).</summary>
public static partial class FormRules
{
    const int TextMax = 200;
    const int StatementMax = 2_000;
    const int AwardYearMin = 1978;
    const int AwardYearMax = 2100;

    /// <summary>成果属性.</summary>
    public static readonly FrozenSet<string> Natures = Set("original", "imported_reinnovated", "domestic_redeveloped");

    /// <summary>成果体现形式: the first eight for applied technology, the others for theory and soft science.</summary>
    public static readonly FrozenSet<string> OutputForms = Set(
        "new_technology", "new_process", "new_product", "new_material", "new_equipment", "new_variety", "mineral_variety", "other_applied", "paper",
        "monograph", "research_report", "other");

    /// <summary>成果水平.</summary>
    public static readonly FrozenSet<string> Levels =
        Set("international_leading", "international_advanced", "domestic_leading", "domestic_advanced", "not_evaluated");

    /// <summary>成果所处阶段.</summary>
    public static readonly FrozenSet<string> Stages = Set("early", "middle", "mature");

    /// <summary>评价方式.</summary>
    public static readonly FrozenSet<string> Evaluations = Set("appraisal", "acceptance", "access_permit", "review", "third_party", "closure");

    /// <summary>成熟度.</summary>
    public static readonly FrozenSet<string> Maturities = Set("developing", "lab_scale", "pilot", "small_batch", "industrialised");

    /// <summary>Whose commercial secrets a record may touch.</summary>
    public static readonly FrozenSet<string> SecretOwners = Set("own", "partner", "client");

    static readonly FrozenSet<string> SecrecyLevels = Set("public");

    /// <summary>Checks the form; one that was not sent stays away.</summary>
    public static RegistrationForm? Check(Shape shape, FormRequest? form)
    {
        if (form is null) return null;
        var started = Month(shape, "form.startedOn", form.StartedOn);
        var ended = Month(shape, "form.endedOn", form.EndedOn);
        shape.Require(started is null || ended is null || string.CompareOrdinal(started, ended) <= 0, "form.endedOn",
            "不得早于研究起始年月。", "Must not lie before the start.");
        if (!string.IsNullOrEmpty(form.Subject)) shape.Pattern("form.subject", form.Subject, Subject(), "须为学科代码（GB/T 13745）。", "Must be a code of GB/T 13745.");
        return new RegistrationForm(
            shape.OptionalOneOf("form.nature", form.Nature, Natures),
            shape.OptionalOneOf("form.outputForm", form.OutputForm, OutputForms),
            shape.OptionalOneOf("form.level", form.Level, Levels),
            shape.OptionalOneOf("form.stage", form.Stage, Stages),
            shape.OptionalOneOf("form.evaluation", form.Evaluation, Evaluations),
            shape.OptionalOneOf("form.maturity", form.Maturity, Maturities),
            string.IsNullOrEmpty(form.Subject) ? null : form.Subject,
            started,
            ended,
            form.ServiceAchievement,
            shape.OptionalText("form.recommender", form.Recommender, TextMax),
            shape.OptionalText("form.planName", form.PlanName, TextMax),
            shape.OptionalText("form.projectNo", form.ProjectNo, TextMax),
            shape.OptionalCny("form.fundingAmount", form.FundingAmount),
            shape.OptionalText("form.awardName", form.AwardName, TextMax),
            shape.OptionalRange("form.awardYear", form.AwardYear, AwardYearMin, AwardYearMax));
    }

    /// <summary>Checks what is declared about secrets. State secrets stop here and are not kept anywhere (SSLR art. 41).</summary>
    public static SecrecyDeclaration? CheckDeclaration(Shape shape, string? secrecyLevel, DeclarationRequest? declaration)
    {
        shape.Require(string.IsNullOrEmpty(secrecyLevel) || SecrecyLevels.Contains(secrecyLevel), "secrecyLevel",
            "涉密成果不得在本平台登记、存储或传输。", "A record that holds state secrets must not be kept or sent here.");
        if (declaration is null) return null;
        shape.Require(declaration.StateSecrets != true, "declaration.stateSecrets",
            "涉密成果不得在本平台登记、存储或传输。", "A record that holds state secrets must not be kept or sent here.");
        return new SecrecyDeclaration(
            shape.ManyOf("declaration.commercialSecrets", declaration.CommercialSecrets, SecretOwners, 0),
            shape.OptionalText("declaration.statement", declaration.Statement, StatementMax));
    }

    static string? Month(Shape shape, string field, string? value)
    {
        if (string.IsNullOrEmpty(value)) return null;
        shape.Require(DateTime.TryParseExact(value, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), field,
            "须为年月，如 2024-03。", "Must be a year and a month, as 2024-03.");
        return value;
    }

    static FrozenSet<string> Set(params string[] values) => values.ToFrozenSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^[0-9]{3}([0-9]{2}){0,2}\z")]
    private static partial Regex Subject();
}
