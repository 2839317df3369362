using System.Text.Json;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Needs;

/// <summary>A need as it is kept.</summary>
public sealed record Need
{
    /// <summary>The columns of <c>need</c> that a reader needs.</summary>
    public const string Columns = """
        id, version, organisation_id, holder_name, title, problem, indicators::text as indicators_json, tech_field, industry_code,
        region_code, cooperation_modes, budget_min, budget_max, deadline, status, close_reason, closed_at, source, source_id, recorded_by,
        recorded_for, created_at
        """;

    /// <summary>Its id.</summary>
    public Guid Id { get; init; }

    /// <summary>Counts its states from 1.</summary>
    public long Version { get; init; }

    /// <summary>Who asks; null for an imported need.</summary>
    public Guid? OrganisationId { get; init; }

    /// <summary>The name of who asks, as far as known.</summary>
    public string? HolderName { get; init; }

    /// <summary>In a line.</summary>
    public string Title { get; init; } = "";

    /// <summary>The technical problem.</summary>
    public string Problem { get; init; } = "";

    /// <summary>The targets as JSON.</summary>
    public string IndicatorsJson { get; init; } = "[]";

    /// <summary>One of the eight.</summary>
    public string? TechField { get; init; }

    /// <summary>GB/T 4754.</summary>
    public string? IndustryCode { get; init; }

    /// <summary>GB/T 2260.</summary>
    public string? RegionCode { get; init; }

    /// <summary>The ways of working together that are welcome.</summary>
    public string[] CooperationModes { get; init; } = [];

    /// <summary>Yuan.</summary>
    public decimal? BudgetMin { get; init; }

    /// <summary>Yuan.</summary>
    public decimal? BudgetMax { get; init; }

    /// <summary>The day by which it must be solved.</summary>
    public DateOnly? Deadline { get; init; }

    /// <summary>open or closed.</summary>
    public string Status { get; init; } = "";

    /// <summary>met, withdrawn or expired.</summary>
    public string? CloseReason { get; init; }

    /// <summary>When it was closed.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The outside collection it was taken from.</summary>
    public string? Source { get; init; }

    /// <summary>Its identifier there.</summary>
    public string? SourceId { get; init; }

    /// <summary>The person who posted or imported it.</summary>
    public Guid RecordedBy { get; init; }

    /// <summary>The organisation that posted or imported it.</summary>
    public Guid RecordedFor { get; init; }

    /// <summary>When it was posted here.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The targets.</summary>
    public IReadOnlyList<NeedIndicator> Indicators() => JsonSerializer.Deserialize<List<NeedIndicator>>(IndicatorsJson, Json.Options)!;

    /// <summary>The need as a caller may see it: problem and targets are for members (domain §1.9).</summary>
    public NeedAnswer For(Caller caller)
    {
        var indicators = Indicators();
        return new NeedAnswer(
            Id, Status, Title, caller.IsSignedIn ? Problem : null, caller.IsSignedIn ? indicators : null, NeedRules.IsMeasurable(indicators),
            TechField, IndustryCode, RegionCode, CooperationModes,
            BudgetMin is null && BudgetMax is null ? null : new NeedBudget(Money.Cny(BudgetMin), Money.Cny(BudgetMax)),
            Deadline, OrganisationId, HolderName, Source is null ? null : new NeedOrigin(Source, SourceId!), CloseReason, ClosedAt, CreatedAt);
    }

    /// <summary>A need by its id; null when there is none.</summary>
    public static Task<Need?> FindAsync(Database database, Guid id, CancellationToken ct) =>
        database.SingleOrDefaultAsync<Need>($"select {Columns} from need where id = @id", new { id }, ct);
}

/// <summary>Where an imported need comes from.</summary>
/// <param name="Source">The collection.</param>
/// <param name="SourceId">Its identifier there.</param>
public sealed record NeedOrigin(string Source, string SourceId);

/// <summary>A need as it is shown.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">open or closed.</param>
/// <param name="Title">In a line.</param>
/// <param name="Problem">For signed-in callers.</param>
/// <param name="Indicators">For signed-in callers.</param>
/// <param name="Measurable">It states a target with a number.</param>
/// <param name="TechField">One of the eight, if known.</param>
/// <param name="IndustryCode">GB/T 4754, if known.</param>
/// <param name="RegionCode">GB/T 2260, if known.</param>
/// <param name="CooperationModes">The ways of working together that are welcome.</param>
/// <param name="Budget">Null when negotiable.</param>
/// <param name="Deadline">The day by which it must be solved.</param>
/// <param name="OrganisationId">Who asks; null for an imported need.</param>
/// <param name="HolderName">The name of who asks, as far as known.</param>
/// <param name="Origin">For an imported need.</param>
/// <param name="CloseReason">met, withdrawn or expired.</param>
/// <param name="ClosedAt">When it was closed.</param>
/// <param name="CreatedAt">When it was posted here.</param>
public sealed record NeedAnswer(
    Guid Id, string Status, string Title, string? Problem, IReadOnlyList<NeedIndicator>? Indicators, bool Measurable, string? TechField,
    string? IndustryCode, string? RegionCode, IReadOnlyList<string> CooperationModes, NeedBudget? Budget, DateOnly? Deadline,
    Guid? OrganisationId, string? HolderName, NeedOrigin? Origin, string? CloseReason, DateTimeOffset? ClosedAt, DateTimeOffset CreatedAt);
