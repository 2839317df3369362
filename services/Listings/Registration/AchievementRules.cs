using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Registration;

/// <summary>What a record of an achievement must say (domain brief §1.2).</summary>
public static class AchievementRules
{
    /// <summary>Most characters of a title.</summary>
    public const int TitleMax = 300;

    /// <summary>Most characters of a summary.</summary>
    public const int SummaryMax = 4_000;

    /// <summary>Most characters of a description.</summary>
    public const int DescriptionMax = 20_000;

    /// <summary>Most characters of a keyword.</summary>
    public const int KeywordMax = 40;

    /// <summary>The scale of readiness has thirteen levels (GB/T 22900-2022).</summary>
    public const int TrlMax = 13;

    const int PeopleMax = 100;
    const int NumberMax = 60;
    const int NameMax = 100;

    /// <summary>409: a disputed achievement is not registered until the dispute has ended (R1.6).</summary>
    public static readonly Refusal Disputed = new("achievement-disputed", "成果权属存在争议，争议解决前不予登记。",
        "Its ownership is disputed; it is not registered until that has ended.");

    /// <summary>409: the documents are not complete (R1.3, R1.4).</summary>
    public static readonly Refusal EvidenceMissing =
        new("evidence-missing", "该类成果所需的证明材料不齐。", "The documents that its category needs are not complete.");

    /// <summary>409: the declaration on secrets is asked for here and was not given.</summary>
    public static readonly Refusal DeclarationMissing =
        new("declaration-missing", "须先填写保密声明（declaration）。", "The declaration on secrets must be given first.");

    /// <summary>409: its price is being made public for the legal time (R2.3).</summary>
    public static readonly Refusal PublicityRunning = new("publicity-running", "成果名称与拟交易价格的公示期未满。", "The publicity of its name and price has not ended yet.");

    /// <summary>Checks a request and gives the record it describes.</summary>
    /// <param name="shape">Collects what is wrong.</param>
    /// <param name="request">As it was sent.</param>
    /// <param name="caller">The organisation owns it all unless shares are given.</param>
    /// <param name="keywordsMax">The parameter <c>keywords.max</c>.</param>
    public static AchievementContent Check(Shape shape, AchievementRequest request, Caller caller, int keywordsMax) => new(
        shape.Text("title", request.Title, TitleMax),
        shape.Text("summary", request.Summary, SummaryMax),
        shape.OptionalText("description", request.Description, DescriptionMax) ?? "",
        shape.OneOf("category", request.Category, Codes.AchievementCategories),
        shape.Texts("keywords", request.Keywords, keywordsMax, KeywordMax),
        shape.OneOf("techField", request.TechField, Codes.TechFields),
        shape.Industry("industryCode", request.IndustryCode),
        shape.Region("regionCode", request.RegionCode),
        shape.OptionalRange("trl", request.Trl, 1, TrlMax),
        shape.ManyOf("transferModes", request.TransferModes, Codes.TransferModes),
        IntellectualProperty(shape, request.IntellectualProperty, 1),
        Completers(shape, request.Completers),
        Ownership(shape, request.OwnershipShares, caller),
        shape.OptionalOneOf("fundingSource", request.FundingSource, Codes.FundingSources),
        Evidence(shape, request.Evidence),
        Rights(shape, request.Rights),
        shape.OptionalCny("askingPrice", request.AskingPrice),
        null,
        "zh",
        FormRules.Check(shape, request.Form),
        FormRules.CheckDeclaration(shape, request.SecrecyLevel, request.Declaration));

    /// <summary>Every right with its number; Chinese patent numbers must have the right check character (R1.11–R1.14).</summary>
    public static IReadOnlyList<IntellectualPropertyFact> IntellectualProperty(Shape shape, IReadOnlyList<IntellectualPropertyRequest?>? sent, int min)
    {
        var list = shape.List("intellectualProperty", sent, PeopleMax, min);
        return [.. list.Select((right, i) =>
        {
            var kind = shape.OneOf($"intellectualProperty[{i}].kind", right.Kind, Codes.IntellectualPropertyKinds);
            var number = shape.OptionalText($"intellectualProperty[{i}].number", right.Number, NumberMax);
            shape.Require(number is not null || kind is "technical_secret" or "", $"intellectualProperty[{i}].number", "此项必填。", "This field is required.");
            if (number is not null && kind is "invention" or "utility_model" or "design")
            {
                shape.Require(PatentNumbers.IsValid(kind, number!), $"intellectualProperty[{i}].number",
                    "专利号格式、类型或校验位不正确。", "The patent number is malformed, of another kind, or its check character is wrong.");
            }

            return new IntellectualPropertyFact(kind, number);
        })];
    }

    static IReadOnlyList<CompleterFact> Completers(Shape shape, IReadOnlyList<CompleterRequest?>? sent)
    {
        var list = shape.List("completers", sent, PeopleMax, 1);
        CompleterFact[] completers = [.. list.Select((completer, i) => new CompleterFact(
            shape.Text($"completers[{i}].name", completer.Name, NameMax), Percent(shape, $"completers[{i}].sharePercent", completer.SharePercent, 0)))];
        if (completers.Length > 0)
        {
            shape.Require(completers.Sum(completer => completer.SharePercent) == 100m, "completers",
                "各完成人贡献比例之和须为 100.00。", "The shares of the completers must add up to 100.00.");
        }

        return completers;
    }

    static IReadOnlyList<OwnershipShareFact> Ownership(Shape shape, IReadOnlyList<OwnershipShareRequest?>? sent, Caller caller)
    {
        if (sent is null or { Count: 0 }) return [new OwnershipShareFact(caller.Organisation!.Name, caller.OrganisationId, 100m)];
        var list = shape.List("ownershipShares", sent, PeopleMax);
        OwnershipShareFact[] shares = [.. list.Select((share, i) => new OwnershipShareFact(
            shape.Text($"ownershipShares[{i}].holderName", share.HolderName, NameMax), share.OrganisationId,
            Percent(shape, $"ownershipShares[{i}].percent", share.Percent, 0.01m)))];
        shape.Require(shares.Sum(share => share.Percent) == 100m, "ownershipShares", "权属份额之和须为 100.00。", "The shares must add up to 100.00.");
        return shares;
    }

    static IReadOnlyList<EvidenceFact> Evidence(Shape shape, IReadOnlyList<EvidenceRequest?>? sent) =>
        [.. shape.List("evidence", sent, PeopleMax).Select((evidence, i) => new EvidenceFact(
            shape.OneOf($"evidence[{i}].kind", evidence.Kind, Codes.EvidenceKinds), shape.Text($"evidence[{i}].title", evidence.Title, NameMax)))];

    static RightsFact Rights(Shape shape, RightsRequest? sent) => new(
        sent?.Pledged ?? false, sent?.Disputed ?? false, shape.Texts("rights.priorLicences", sent?.PriorLicences, PeopleMax, 500));

    static decimal Percent(Shape shape, string field, decimal? value, decimal min)
    {
        var percent = shape.Range(field, value, min, 100m);
        shape.Require(decimal.Round(percent, 2) == percent, field, "最多两位小数。", "At most two digits after the point.");
        return percent;
    }

    /// <summary>What is missing before it can be registered (R1.4, AREG art. 8): for each category one of some sets of documents.</summary>
    public static bool HasEvidence(string? category, IEnumerable<string> kinds)
    {
        var have = kinds.ToHashSet();
        return category switch
        {
            "applied_technology" => Has("evaluation_certificate", "development_report") || Has("ip_proof", "user_certificate"),
            "basic_theory" => Has("paper", "employer_opinion", "citation_proof"),
            "soft_science" => Has("evaluation_certificate", "research_report"),
            _ => false,
        };

        bool Has(params string[] needed) => needed.All(have.Contains);
    }

    /// <summary>The first eight characters of a registration number: 9 and the province, the year, the letter of the category (domain brief §1.4).</summary>
    public static (string Prefix, string Letter) NumberParts(string regionCode, string category) => (
        $"9{regionCode[..2]}",
        category switch { "applied_technology" => "Y", "basic_theory" => "J", _ => "R" });
}
