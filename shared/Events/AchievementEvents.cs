namespace TechMarket.Events;

/// <summary>A right that protects an achievement.</summary>
/// <param name="Kind">invention, utility_model, design, software_copyright, ic_layout_design, plant_variety, biomedical_variety or technical_secret.</param>
/// <param name="Number">Patent number, registration number; empty for a technical secret.</param>
public sealed record IntellectualPropertyFact(string Kind, string? Number);

/// <summary>A person who made the achievement, in the order of contribution.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="SharePercent">Contribution for rewards, 0.00–100.00.</param>
public sealed record CompleterFact(string Name, decimal SharePercent);

/// <summary>What a holder owns of an achievement; all shares of one achievement add up to 100.00.</summary>
/// <param name="HolderName">The holder.</param>
/// <param name="OrganisationId">The holder's organisation on this market, if it is one.</param>
/// <param name="Percent">0.01–100.00.</param>
public sealed record OwnershipShareFact(string HolderName, Guid? OrganisationId, decimal Percent);

/// <summary>What burdens the achievement at the time of publication.</summary>
/// <param name="Pledged">It is pledged.</param>
/// <param name="Disputed">Its ownership is disputed (such a result is not registered, AREG art. 6).</param>
/// <param name="PriorLicences">Licences granted before, in the holder's words.</param>
public sealed record RightsFact(bool Pledged, bool Disputed, IReadOnlyList<string> PriorLicences);

/// <summary>Where a record that was not registered here comes from.</summary>
/// <param name="Source">The name of the collection it was taken from.</param>
/// <param name="SourceId">Its identifier there.</param>
/// <param name="HolderName">The holder as the source spells it.</param>
public sealed record OriginFact(string Source, string SourceId, string? HolderName);

/// <summary>An achievement may be found from now on, or its public record changed. Carries the whole public record, so that an index or a
/// copy can be built from it alone; a later <paramref name="Version"/> replaces an earlier one.</summary>
/// <param name="AchievementId">Its id.</param>
/// <param name="Version">Counts the published states of this achievement from 1.</param>
/// <param name="OrganisationId">The organisation that lists it.</param>
/// <param name="OrganisationName">Its name.</param>
/// <param name="OrganisationKind">Its kind.</param>
/// <param name="Title">成果名称.</param>
/// <param name="Summary">The public summary.</param>
/// <param name="Description">The public part of the description; empty when it is for members only.</param>
/// <param name="Category">applied_technology, basic_theory or soft_science.</param>
/// <param name="Keywords">At most three (AFORM).</param>
/// <param name="TechField">One of the eight high-tech fields, if known.</param>
/// <param name="IndustryCode">GB/T 4754-2017 with its section letter, if known.</param>
/// <param name="RegionCode">GB/T 2260, if known.</param>
/// <param name="Trl">Technology readiness 1–13 (GB/T 22900), if known.</param>
/// <param name="TransferModes">How it may be transferred (domain brief §1.3).</param>
/// <param name="IntellectualProperty">What protects it.</param>
/// <param name="Completers">Who made it.</param>
/// <param name="OwnershipShares">Who owns it.</param>
/// <param name="FundingSource">课题来源, if known.</param>
/// <param name="Rights">What burdens it.</param>
/// <param name="AskingPriceCny">The price asked, in yuan, if one is named.</param>
/// <param name="RegistrationNo">批准登记号, 12 characters; null for a record that is not registered here.</param>
/// <param name="Origin">The outside source; null for a record made here.</param>
/// <param name="Language">zh or en: the language of the texts.</param>
/// <param name="ScreeningId">The signed screening decision that lets it into any index.</param>
/// <param name="PublishedAt">When this state was published.</param>
public sealed record AchievementPublished(
    Guid AchievementId,
    long Version,
    Guid OrganisationId,
    string OrganisationName,
    string OrganisationKind,
    string Title,
    string Summary,
    string Description,
    string? Category,
    IReadOnlyList<string> Keywords,
    string? TechField,
    string? IndustryCode,
    string? RegionCode,
    int? Trl,
    IReadOnlyList<string> TransferModes,
    IReadOnlyList<IntellectualPropertyFact> IntellectualProperty,
    IReadOnlyList<CompleterFact> Completers,
    IReadOnlyList<OwnershipShareFact> OwnershipShares,
    string? FundingSource,
    RightsFact Rights,
    decimal? AskingPriceCny,
    string? RegistrationNo,
    OriginFact? Origin,
    string Language,
    Guid ScreeningId,
    DateTimeOffset PublishedAt);

/// <summary>A published achievement is no longer offered; copies and indexes drop it.</summary>
/// <param name="AchievementId">Its id.</param>
/// <param name="Version">Higher than that of every state published before.</param>
/// <param name="Reason">Why, in the words of whoever withdrew it.</param>
/// <param name="WithdrawnAt">When.</param>
public sealed record AchievementWithdrawn(Guid AchievementId, long Version, string Reason, DateTimeOffset WithdrawnAt);
