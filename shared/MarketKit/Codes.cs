using System.Collections.Frozen;
using TechMarket.ServiceKit;

namespace TechMarket.MarketKit;

/// <summary>The code lists of the field (domain brief §1 and §7) under the identifiers that are spoken on the wire.</summary>
public static class Codes
{
    /// <summary>Kinds of organisation.</summary>
    public static readonly FrozenSet<string> OrganisationKinds = Set(
        "university", "institute", "hospital", "enterprise", "broker", "service_agency", "financial_institution", "association", "registry", "bureau");

    /// <summary>成果类别 (AREG art. 8).</summary>
    public static readonly FrozenSet<string> AchievementCategories = Set("applied_technology", "basic_theory", "soft_science");

    /// <summary>国家重点支持的高新技术领域, eight of them.</summary>
    public static readonly FrozenSet<string> TechFields = Set(
        "electronic_information", "biology_new_medicine", "aerospace", "new_materials", "high_tech_services", "new_energy_saving",
        "resources_environment", "advanced_manufacturing_automation");

    /// <summary>拟转化方式 (PTSTA art. 16, SPC-TC art. 25).</summary>
    public static readonly FrozenSet<string> TransferModes = Set(
        "assignment", "licence_exclusive", "licence_sole", "licence_ordinary", "licence_open", "equity_contribution", "joint_development",
        "commissioned_development", "technical_service", "technical_consulting", "self_implementation", "other");

    /// <summary>What an enterprise may seek: the transfer modes and talent.</summary>
    public static readonly FrozenSet<string> CooperationModes = TransferModes.Append("talent").ToFrozenSet(StringComparer.Ordinal);

    /// <summary>知识产权类型 (SPC-TC art. 1).</summary>
    public static readonly FrozenSet<string> IntellectualPropertyKinds = Set(
        "invention", "utility_model", "design", "software_copyright", "ic_layout_design", "plant_variety", "biomedical_variety", "technical_secret");

    /// <summary>课题来源.</summary>
    public static readonly FrozenSet<string> FundingSources = Set(
        "national_plan", "ministry_plan", "provincial_plan", "city_county_plan", "foundation", "commissioned", "self_chosen", "other");

    /// <summary>What proves an achievement (AREG art. 8, R1.4).</summary>
    public static readonly FrozenSet<string> EvidenceKinds = Set(
        "evaluation_certificate", "development_report", "ip_proof", "user_certificate", "paper", "employer_opinion", "citation_proof", "research_report");

    /// <summary>GB/T 2260 codes and their names.</summary>
    public static readonly FrozenDictionary<string, string> Regions =
        DataFiles.Rows("regions.csv").ToFrozenDictionary(row => row[0], row => row[1], StringComparer.Ordinal);

    /// <summary>GB/T 4754-2017 codes with their section letters, and their names.</summary>
    public static readonly FrozenDictionary<string, string> Industries =
        DataFiles.Rows("industries.csv").ToFrozenDictionary(row => row[0], row => row[1], StringComparer.Ordinal);

    /// <summary>A GB/T 2260 code that must be there.</summary>
    public static string Region(this Shape shape, string field, string? value)
    {
        if (string.IsNullOrEmpty(value)) shape.Wrong(field, "此项必填。", "This field is required.");
        else
        {
            shape.Require(Regions.ContainsKey(value), field,
                "须为有效的六位行政区划代码（GB/T 2260）。", "Must be a six-digit region code of GB/T 2260.");
        }

        return value ?? "";
    }

    /// <summary>A GB/T 4754 code with its section letter that must be there.</summary>
    public static string Industry(this Shape shape, string field, string? value)
    {
        if (string.IsNullOrEmpty(value)) shape.Wrong(field, "此项必填。", "This field is required.");
        else
        {
            shape.Require(Industries.ContainsKey(value), field,
                "须为国民经济行业代码（GB/T 4754，门类字母加数字，如 C2710）。",
                "Must be an industry code of GB/T 4754 with its section letter, such as C2710.");
        }

        return value ?? "";
    }

    static FrozenSet<string> Set(params string[] codes) => codes.ToFrozenSet(StringComparer.Ordinal);
}
