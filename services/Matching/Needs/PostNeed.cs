using System.Text.Json;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Needs;

/// <summary>An enterprise asks the market for a technology (R3.1).</summary>
public static class PostNeed
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/needs", HandleAsync).ForRoles(Roles.Seeker).Produces<NeedAnswer>(201).ProducesProblem(400)
            .WithSummary("Post a technology need");

    static async Task<IResult> HandleAsync(
        PostNeedRequest request, Caller caller, Database database, TimeProvider clock, CancellationToken ct)
    {
        var shape = new Shape();
        var content = Check(shape, request, ShanghaiTime.DateOf(clock.GetUtcNow()));
        if (shape.Problem is { } problem) return problem;

        await using var transaction = await database.BeginAsync(ct);
        var need = new Need
        {
            Id = Guid.CreateVersion7(transaction.Now),
            Version = 1,
            OrganisationId = caller.OrganisationId,
            HolderName = caller.Organisation?.Name,
            Title = content.Title,
            Problem = content.Problem,
            IndicatorsJson = JsonSerializer.Serialize(content.Indicators, Json.Options),
            TechField = content.TechField,
            IndustryCode = content.IndustryCode,
            RegionCode = content.RegionCode,
            CooperationModes = content.CooperationModes,
            BudgetMin = content.BudgetMin,
            BudgetMax = content.BudgetMax,
            Deadline = content.Deadline,
            Status = "open",
            RecordedBy = caller.PersonId,
            RecordedFor = caller.OrganisationId,
            CreatedAt = transaction.Now,
        };
        await transaction.ExecuteAsync("""
            insert into need (id, version, organisation_id, holder_name, title, problem, indicators, tech_field, industry_code, region_code,
                cooperation_modes, budget_min, budget_max, deadline, status, recorded_by, recorded_for, created_at, changed_at)
            values (@Id, @Version, @OrganisationId, @HolderName, @Title, @Problem, @IndicatorsJson::jsonb, @TechField, @IndustryCode, @RegionCode,
                @CooperationModes, @BudgetMin, @BudgetMax, @Deadline, @Status, @RecordedBy, @RecordedFor, @CreatedAt, @CreatedAt)
            """, need, ct);
        transaction.Publish(need.Id, new NeedPublished(
            need.Id, need.Version, need.OrganisationId, need.Title, need.TechField, need.IndustryCode, need.RegionCode, transaction.Now));
        return await transaction.CommitAsync(Answer.Created($"/api/needs/{need.Id}", need.For(caller)), ct);
    }

    static NeedContent Check(Shape shape, PostNeedRequest request, DateOnly today)
    {
        var title = shape.Text("title", request.Title, NeedRules.TitleMax);
        var problem = shape.Text("problem", request.Problem, NeedRules.ProblemMax);
        var indicators = NeedRules.Indicators(shape, request.Indicators);
        var techField = shape.OneOf("techField", request.TechField, Codes.TechFields);
        var industryCode = shape.Industry("industryCode", request.IndustryCode);
        var regionCode = shape.Region("regionCode", request.RegionCode);
        var modes = shape.ManyOf("cooperationModes", request.CooperationModes, Codes.CooperationModes);
        var (min, max) = NeedRules.Budget(shape, request.Budget);
        shape.Require(!(request.Deadline < today), "deadline", "不得早于今天。", "Must not lie in the past.");
        return new NeedContent(title, problem, indicators, techField, industryCode, regionCode, modes, min, max, request.Deadline);
    }
}

/// <summary>Posts a need.</summary>
/// <param name="Title">What is needed, in a line; at most 200 characters.</param>
/// <param name="Problem">The technical problem to solve.</param>
/// <param name="Indicators">The targets by which a solution is measured; may be missing, though a need without any is hard to meet.</param>
/// <param name="TechField">One of the eight high-tech fields.</param>
/// <param name="IndustryCode">GB/T 4754-2017 with its section letter.</param>
/// <param name="RegionCode">GB/T 2260.</param>
/// <param name="CooperationModes">The ways of working together that are welcome; at least one.</param>
/// <param name="Budget">Missing when negotiable.</param>
/// <param name="Deadline">The day by which it must be solved, in Shanghai.</param>
public sealed record PostNeedRequest(
    string? Title, string? Problem, IReadOnlyList<NeedIndicator?>? Indicators, string? TechField, string? IndustryCode, string? RegionCode,
    IReadOnlyList<string?>? CooperationModes, NeedBudget? Budget, DateOnly? Deadline);
