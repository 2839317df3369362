using System.Text.Json;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Registration;

/// <summary>A holder drafts the record of an achievement, and changes it until it is submitted.</summary>
public static class DraftAchievement
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/achievements", CreateAsync).ForRoles(Roles.Provider).Produces<AchievementAnswer>(201).ProducesProblem(400)
            .WithSummary("Draft the record of an achievement");
        routes.MapPut("/api/achievements/{id:guid}", ChangeAsync).ForRoles(Roles.Provider).Produces<AchievementAnswer>().ProducesProblem(400)
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).WithSummary("Change a draft; honours If-Match");
    }

    static async Task<IResult> CreateAsync(
        AchievementRequest request, Caller caller, Database database, Parameters parameters, TimeProvider clock, CancellationToken ct)
    {
        var shape = new Shape();
        var content = AchievementRules.Check(shape, request, caller, await KeywordsMaxAsync(parameters, clock, ct));
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        var achievement = new Achievement
        {
            Id = Guid.CreateVersion7(transaction.Now),
            Version = 1,
            OrganisationId = caller.OrganisationId,
            OrganisationName = caller.Organisation!.Name,
            OrganisationKind = caller.Organisation.Kind,
            Status = "draft",
            ContentJson = JsonSerializer.Serialize(content, Json.Options),
            RegionCode = content.RegionCode,
            CreatedAt = transaction.Now,
            ChangedAt = transaction.Now,
            ChangedBy = caller.PersonId,
        };
        await transaction.ExecuteAsync($"""
            insert into achievement (id, version, organisation_id, organisation_name, organisation_kind, status, content, region_code, created_by,
                created_at, changed_at)
            values (@Id, @Version, @OrganisationId, @OrganisationName, @OrganisationKind, @Status, @ContentJson::jsonb, @RegionCode, @ChangedBy,
                @CreatedAt, @ChangedAt);
            {Achievement.KeepVersion}
            """, achievement, ct);
        return await transaction.CommitAsync(
            Answer.Created($"/api/achievements/{achievement.Id}", achievement.For(caller)) with { Version = achievement.Version }, ct);
    }

    static async Task<IResult> ChangeAsync(
        Guid id, AchievementRequest request, Caller caller, HttpContext context, Database database, Parameters parameters, TimeProvider clock,
        CancellationToken ct)
    {
        var shape = new Shape();
        var content = AchievementRules.Check(shape, request, caller, await KeywordsMaxAsync(parameters, clock, ct));
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Achievement.LockAsync(transaction, id, ct) is not { } achievement || !achievement.IsOf(caller)) return Answer.NotFound;
        if (context.Request.Headers.IfMatch is [var tag] && tag != $"\"{achievement.Version}\"")
            return new Answer(412, Problem.Of(412, Refusals.VersionChanged, new { achievement.Version }));
        if (achievement.Status != "draft") return Answer.Refused(Refusals.WrongState, new { achievement.Status });
        achievement.ContentJson = JsonSerializer.Serialize(content, Json.Options);
        achievement.RegionCode = content.RegionCode;
        await achievement.SaveAsync(transaction, caller, ct);
        return await transaction.CommitAsync(Answer.Ok(achievement.For(caller)) with { Version = achievement.Version }, ct);
    }

    static async Task<int> KeywordsMaxAsync(Parameters parameters, TimeProvider clock, CancellationToken ct) =>
        await parameters.IntegerAsync("keywords.max", ShanghaiTime.DateOf(clock.GetUtcNow()), ct);
}
