using TechMarket.MarketKit;

namespace TechMarket.Listings.Registration;

/// <summary>A record of an achievement, as its holder sends it.</summary>
/// <param name="Title">成果名称, at most 300 characters.</param>
/// <param name="Summary">The public summary, at most 4,000 characters.</param>
/// <param name="Description">More of it, at most 20,000 characters.</param>
/// <param name="Category">applied_technology, basic_theory or soft_science.</param>
/// <param name="Keywords">At most three (AFORM).</param>
/// <param name="TechField">One of the eight high-tech fields.</param>
/// <param name="IndustryCode">GB/T 4754-2017 with its section letter.</param>
/// <param name="RegionCode">GB/T 2260.</param>
/// <param name="Trl">1–13 (GB/T 22900).</param>
/// <param name="TransferModes">At least one.</param>
/// <param name="IntellectualProperty">At least one right.</param>
/// <param name="Completers">At least one; shares add up to 100.00.</param>
/// <param name="OwnershipShares">Without them the listing organisation owns 100.00.</param>
/// <param name="FundingSource">课题来源.</param>
/// <param name="Evidence">What proves it (R1.4).</param>
/// <param name="Rights">What burdens it.</param>
/// <param name="AskingPrice">If one is named.</param>
/// <param name="SecrecyLevel">成果密级: public, or nothing; anything else stops at the door (R1.21).</param>
/// <param name="Declaration">What is declared about secrets.</param>
/// <param name="Form">The rest of the registration form.</param>
public sealed record AchievementRequest(
    string? Title, string? Summary, string? Description, string? Category, IReadOnlyList<string?>? Keywords, string? TechField, string? IndustryCode,
    string? RegionCode, int? Trl, IReadOnlyList<string?>? TransferModes, IReadOnlyList<IntellectualPropertyRequest?>? IntellectualProperty,
    IReadOnlyList<CompleterRequest?>? Completers, IReadOnlyList<OwnershipShareRequest?>? OwnershipShares, string? FundingSource,
    IReadOnlyList<EvidenceRequest?>? Evidence, RightsRequest? Rights, Money? AskingPrice, string? SecrecyLevel = null,
    DeclarationRequest? Declaration = null, FormRequest? Form = null);

/// <summary>What the holder declares about secrets.</summary>
/// <param name="StateSecrets">True stops at the door.</param>
/// <param name="CommercialSecrets">Whose it touches: own, partner, client.</param>
/// <param name="Statement">In the holder's words.</param>
public sealed record DeclarationRequest(bool? StateSecrets, IReadOnlyList<string?>? CommercialSecrets, string? Statement);

/// <summary>The rest of the registration form (domain brief §1.2).</summary>
/// <param name="Nature">original, imported_reinnovated or domestic_redeveloped.</param>
/// <param name="OutputForm">new_technology, new_process, new_product, new_material, new_equipment, new_variety, mineral_variety, other_applied, paper,
/// monograph, research_report or other.</param>
/// <param name="Level">international_leading, international_advanced, domestic_leading, domestic_advanced or not_evaluated.</param>
/// <param name="Stage">early, middle or mature.</param>
/// <param name="Evaluation">appraisal, acceptance, access_permit, review, third_party or closure.</param>
/// <param name="Maturity">developing, lab_scale, pilot, small_batch or industrialised.</param>
/// <param name="Subject">GB/T 13745: three, five or seven digits.</param>
/// <param name="StartedOn">Year and month, as 2024-03.</param>
/// <param name="EndedOn">Year and month, not before the start.</param>
/// <param name="ServiceAchievement">职务科技成果.</param>
/// <param name="Recommender">推荐单位.</param>
/// <param name="PlanName">The plan.</param>
/// <param name="ProjectNo">One project gives one record (R1.2).</param>
/// <param name="FundingAmount">What the project was given.</param>
/// <param name="AwardName">The award it is a candidate of.</param>
/// <param name="AwardYear">The year of that award.</param>
public sealed record FormRequest(
    string? Nature, string? OutputForm, string? Level, string? Stage, string? Evaluation, string? Maturity, string? Subject, string? StartedOn,
    string? EndedOn, bool? ServiceAchievement, string? Recommender, string? PlanName, string? ProjectNo, Money? FundingAmount, string? AwardName,
    int? AwardYear);

/// <summary>A right.</summary>
/// <param name="Kind">invention, utility_model, design, software_copyright, ic_layout_design, plant_variety, biomedical_variety, technical_secret.</param>
/// <param name="Number">Needed except for a technical secret.</param>
public sealed record IntellectualPropertyRequest(string? Kind, string? Number);

/// <summary>A person who made it.</summary>
/// <param name="Name">The name.</param>
/// <param name="SharePercent">The contribution for rewards, 0.00–100.00.</param>
public sealed record CompleterRequest(string? Name, decimal? SharePercent);

/// <summary>An owner.</summary>
/// <param name="HolderName">The name.</param>
/// <param name="OrganisationId">The organisation here, if it is one.</param>
/// <param name="Percent">0.01–100.00.</param>
public sealed record OwnershipShareRequest(string? HolderName, Guid? OrganisationId, decimal? Percent);

/// <summary>A document.</summary>
/// <param name="Kind">Of R1.4.</param>
/// <param name="Title">Its title.</param>
public sealed record EvidenceRequest(string? Kind, string? Title);

/// <summary>What burdens it.</summary>
/// <param name="Pledged">It is pledged.</param>
/// <param name="Disputed">Its ownership is disputed.</param>
/// <param name="PriorLicences">Licences granted before.</param>
public sealed record RightsRequest(bool? Pledged, bool? Disputed, IReadOnlyList<string?>? PriorLicences);

/// <summary>A step that needs no more to be said.</summary>
public sealed record StepRequest;
