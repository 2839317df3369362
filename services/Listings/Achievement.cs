using TechMarket.Events;
using TechMarket.Listings.Publication;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings;

/// <summary>What a record says about an achievement, however it came here.</summary>
/// <param name="Title">成果名称.</param>
/// <param name="Summary">The public summary.</param>
/// <param name="Description">More of it.</param>
/// <param name="Category">applied_technology, basic_theory or soft_science.</param>
/// <param name="Keywords">At most three (AFORM).</param>
/// <param name="TechField">One of the eight high-tech fields.</param>
/// <param name="IndustryCode">GB/T 4754-2017 with its section letter.</param>
/// <param name="RegionCode">GB/T 2260.</param>
/// <param name="Trl">1–13 (GB/T 22900).</param>
/// <param name="TransferModes">How it may be transferred.</param>
/// <param name="IntellectualProperty">What protects it.</param>
/// <param name="Completers">Who made it; their shares add up to 100.00.</param>
/// <param name="OwnershipShares">Who owns it; they add up to 100.00.</param>
/// <param name="FundingSource">课题来源.</param>
/// <param name="Evidence">What proves it (R1.4).</param>
/// <param name="Rights">What burdens it.</param>
/// <param name="AskingPriceCny">The price asked, in yuan.</param>
/// <param name="HolderName">For a record of an outside source: the holder as spelt there.</param>
/// <param name="Language">zh or en.</param>
/// <param name="Form">The rest of the registration form; null where it was not filled in.</param>
/// <param name="Declaration">What the holder declared about secrets; null where it declared nothing.</param>
public sealed record AchievementContent(
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
    IReadOnlyList<EvidenceFact> Evidence,
    RightsFact Rights,
    decimal? AskingPriceCny,
    string? HolderName,
    string Language,
    RegistrationForm? Form = null,
    SecrecyDeclaration? Declaration = null);

/// <summary>What the registration form asks beside the public description (domain brief §1.2).</summary>
/// <param name="Nature">成果属性: original, imported_reinnovated or domestic_redeveloped.</param>
/// <param name="OutputForm">成果体现形式.</param>
/// <param name="Level">成果水平.</param>
/// <param name="Stage">成果所处阶段: early, middle or mature.</param>
/// <param name="Evaluation">评价方式.</param>
/// <param name="Maturity">成熟度.</param>
/// <param name="Subject">学科分类, GB/T 13745.</param>
/// <param name="StartedOn">研究起始, year and month.</param>
/// <param name="EndedOn">研究终止, year and month.</param>
/// <param name="ServiceAchievement">It is a service achievement (职务科技成果).</param>
/// <param name="Recommender">推荐单位.</param>
/// <param name="PlanName">The plan that funded it.</param>
/// <param name="ProjectNo">项目编号.</param>
/// <param name="FundingAmountCny">What the project was given, in yuan.</param>
/// <param name="AwardName">The award it is a candidate of, if it is one.</param>
/// <param name="AwardYear">The year of that award.</param>
public sealed record RegistrationForm(
    string? Nature, string? OutputForm, string? Level, string? Stage, string? Evaluation, string? Maturity, string? Subject, string? StartedOn,
    string? EndedOn, bool? ServiceAchievement, string? Recommender, string? PlanName, string? ProjectNo, decimal? FundingAmountCny, string? AwardName,
    int? AwardYear);

/// <summary>What the holder declares about secrets (R1.21, R1.22). A record that holds state secrets never gets this far.</summary>
/// <param name="CommercialSecrets">Whose commercial secrets it touches: own, partner, client; empty for none.</param>
/// <param name="Statement">In the holder's words.</param>
public sealed record SecrecyDeclaration(IReadOnlyList<string> CommercialSecrets, string? Statement);

/// <summary>Something that a screener should look at; the signed decision overrules it.</summary>
/// <param name="Kind">words, commercial_secret or likeness.</param>
/// <param name="Rule">The id of the rule, or of the record that is alike.</param>
/// <param name="Detail">What was found.</param>
public sealed record ScreeningWarning(string Kind, string Rule, string Detail);

/// <summary>A document that proves an achievement; the file follows or lies with the registry.</summary>
/// <param name="Kind">evaluation_certificate, development_report, ip_proof, user_certificate, paper, employer_opinion, citation_proof, research_report.</param>
/// <param name="Title">Its title.</param>
public sealed record EvidenceFact(string Kind, string Title);

/// <summary>An achievement as its table holds it.</summary>
class Achievement
{
    public const string Columns = """
        id, version, published_version, organisation_id, organisation_name, organisation_kind, status, content::text as content_json, region_code,
        screening_id, registration_no, registered_at, published_at, status_reason, source, source_id, created_at, changed_at, dispute,
        warnings::text as warnings_json
        """;

    public Guid Id { get; init; }

    public long Version { get; set; }

    public long PublishedVersion { get; set; }

    public Guid OrganisationId { get; init; }

    public string OrganisationName { get; init; } = "";

    public string OrganisationKind { get; init; } = "";

    public string Status { get; set; } = "";

    public string ContentJson { get; set; } = "";

    public string? RegionCode { get; set; }

    public Guid? ScreeningId { get; set; }

    public string? RegistrationNo { get; set; }

    public DateTimeOffset? RegisteredAt { get; set; }

    public DateTimeOffset? PublishedAt { get; set; }

    public string? StatusReason { get; set; }

    public string? Source { get; init; }

    public string? SourceId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ChangedAt { get; set; }

    public Guid ChangedBy { get; set; }

    public string? Dispute { get; set; }

    public string WarningsJson { get; set; } = "[]";

    public AchievementContent Content => System.Text.Json.JsonSerializer.Deserialize<AchievementContent>(ContentJson, Json.Options)!;

    /// <summary>The achievement, locked until the transaction ends; null when there is none.</summary>
    public static Task<Achievement?> LockAsync(Transaction transaction, Guid id, CancellationToken ct) =>
        transaction.SingleOrDefaultAsync<Achievement>($"select {Columns} from achievement where id = @id for update", new { id }, ct);

    /// <summary>True for the holder.</summary>
    public bool IsOf(Caller caller) => caller.IsSignedIn && caller.OrganisationId == OrganisationId;

    /// <summary>True for a bureau in whose region it lies, once it left the holder's hands (R1.2).</summary>
    public bool IsBefore(Caller caller) => caller.Is(Roles.Bureau) && Status is not ("draft" or "in_unit_review") && caller.Covers(RegionCode);

    /// <summary>Writes its state as a new version.</summary>
    public Task SaveAsync(Transaction transaction, Caller caller, CancellationToken ct)
    {
        Version++;
        ChangedAt = transaction.Now;
        ChangedBy = caller.PersonId;
        return transaction.ExecuteAsync($"""
            update achievement set version = @Version, published_version = @PublishedVersion, status = @Status, content = @ContentJson::jsonb,
                region_code = @RegionCode, screening_id = @ScreeningId, registration_no = @RegistrationNo, registered_at = @RegisteredAt,
                published_at = @PublishedAt, status_reason = @StatusReason, dispute = @Dispute, warnings = @WarningsJson::jsonb,
                changed_at = @ChangedAt, changed_in = pg_current_xact_id()
            where id = @Id;
            {KeepVersion}
            """, this, ct);
    }

    /// <summary>Keeps the state as it is now, readable for good.</summary>
    public const string KeepVersion = """
        insert into achievement_version (achievement_id, version, status, status_reason, dispute, content, changed_by, changed_at)
        values (@Id, @Version, @Status, @StatusReason, @Dispute, @ContentJson::jsonb, @ChangedBy, @ChangedAt);
        """;

    /// <summary>Offers its present state to the market as a new public version.</summary>
    public void Offer(Transaction transaction, IndexFeed feed)
    {
        PublishedVersion++;
        var published = Published();
        transaction.Publish(Id, published);
        transaction.AfterCommit(() => feed.Publish(published));
    }

    /// <summary>Takes it back from the market: it leaves every index, feed and copy.</summary>
    public void Recall(Transaction transaction, IndexFeed feed, string reason)
    {
        PublishedVersion++;
        var withdrawal = new AchievementWithdrawn(Id, PublishedVersion, reason, transaction.Now);
        transaction.Publish(Id, withdrawal);
        transaction.AfterCommit(() => feed.Withdraw(withdrawal));
    }

    /// <summary>The whole public record, as others keep copies of it.</summary>
    public AchievementPublished Published()
    {
        var content = Content;
        return new AchievementPublished(
            Id, PublishedVersion, OrganisationId, OrganisationName, OrganisationKind, content.Title, content.Summary, content.Description, content.Category,
            content.Keywords, content.TechField, content.IndustryCode, content.RegionCode, content.Trl, content.TransferModes,
            content.IntellectualProperty, content.Completers, content.OwnershipShares, content.FundingSource,
            content.Rights with { Disputed = content.Rights.Disputed || Dispute is not null }, content.AskingPriceCny, RegistrationNo, Source is null
                ? null : new OriginFact(Source, SourceId!, content.HolderName), content.Language, ScreeningId!.Value,
            PublishedAt!.Value);
    }

    /// <summary>What a caller may see of it: evidence and reasons are for the holder and the bureau.</summary>
    public AchievementAnswer For(Caller caller)
    {
        var content = Content;
        var isInside = IsOf(caller) || IsBefore(caller) || caller.Is(Roles.Operator);
        return new AchievementAnswer(
            Id, Status, OrganisationId, content.HolderName ?? OrganisationName, content.Title, content.Summary, content.Description, content.Category,
            content.Keywords, content.TechField, content.IndustryCode, content.RegionCode, content.Trl, content.TransferModes,
            content.IntellectualProperty, content.Completers, content.OwnershipShares, content.FundingSource, isInside ? content.Evidence : null,
            content.Rights with
            {
                Disputed = content.Rights.Disputed
                || Dispute is not null
            }, Money.Cny(content.AskingPriceCny), RegistrationNo, Source is null ? null : new OriginAnswer(Source, SourceId!),
            isInside ? StatusReason : null, CreatedAt, ChangedAt, PublishedAt, Version, isInside ? Dispute : null,
            isInside ? System.Text.Json.JsonSerializer.Deserialize<IReadOnlyList<ScreeningWarning>>(WarningsJson, Json.Options) : null,
            isInside ? content.Form : null, isInside ? content.Declaration : null);
    }
}

/// <summary>Where a record of an outside source comes from.</summary>
/// <param name="Source">The collection.</param>
/// <param name="SourceId">Its identifier there.</param>
public sealed record OriginAnswer(string Source, string SourceId);

/// <summary>An achievement as a caller may see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">draft, in_unit_review, submitted, screened, restricted, offline_only, registered, refused, published, suspended, withdrawn
/// or cancelled.</param>
/// <param name="OrganisationId">Who lists it.</param>
/// <param name="Holder">The holder's name.</param>
/// <param name="Title">成果名称.</param>
/// <param name="Summary">The public summary.</param>
/// <param name="Description">More of it.</param>
/// <param name="Category">成果类别.</param>
/// <param name="Keywords">关键词.</param>
/// <param name="TechField">高新技术领域.</param>
/// <param name="IndustryCode">应用行业.</param>
/// <param name="RegionCode">所在地.</param>
/// <param name="Trl">技术就绪水平.</param>
/// <param name="TransferModes">拟转化方式.</param>
/// <param name="IntellectualProperty">知识产权.</param>
/// <param name="Completers">完成人.</param>
/// <param name="OwnershipShares">权属份额.</param>
/// <param name="FundingSource">课题来源.</param>
/// <param name="Evidence">For holder and bureau: what proves it.</param>
/// <param name="Rights">What burdens it.</param>
/// <param name="AskingPrice">The price asked.</param>
/// <param name="RegistrationNo">批准登记号.</param>
/// <param name="Origin">The outside source, if any.</param>
/// <param name="StatusReason">For holder and bureau: why it was returned, refused or withdrawn.</param>
/// <param name="CreatedAt">When it was drafted.</param>
/// <param name="ChangedAt">When it last changed.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="Version">Counts its changes from 1.</param>
/// <param name="Dispute">For holder and bureau: the dispute that is running.</param>
/// <param name="Warnings">For holder and bureau: what a screener should look at.</param>
/// <param name="Form">For holder and bureau: the rest of the registration form.</param>
/// <param name="Declaration">For holder and bureau: what was declared about secrets.</param>
public sealed record AchievementAnswer(
    Guid Id, string Status, Guid OrganisationId, string Holder, string Title, string Summary, string Description, string? Category,
    IReadOnlyList<string> Keywords, string? TechField, string? IndustryCode, string? RegionCode, int? Trl, IReadOnlyList<string> TransferModes,
    IReadOnlyList<IntellectualPropertyFact> IntellectualProperty, IReadOnlyList<CompleterFact> Completers,
    IReadOnlyList<OwnershipShareFact> OwnershipShares, string? FundingSource, IReadOnlyList<EvidenceFact>? Evidence, RightsFact Rights,
    Money? AskingPrice, string? RegistrationNo, OriginAnswer? Origin, string? StatusReason, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt,
    DateTimeOffset? PublishedAt, long Version, string? Dispute, IReadOnlyList<ScreeningWarning>? Warnings, RegistrationForm? Form,
    SecrecyDeclaration? Declaration);
