using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Needs;

/// <summary>A bureau takes over needs of an outside collection: origin and holder kept as they are there, what is missing left empty. The
/// same record again changes nothing; a changed one becomes a new version; a record that cannot be taken is told with its reasons while the
/// others are taken.</summary>
public static class ImportNeeds
{
    const int ItemsMax = 500;
    const long BodyBytesMax = 16 * 1024 * 1024;
    const int NameMax = 200;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/needs/imports", HandleAsync).ForRoles(Roles.Bureau).WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax))
            .Produces<ImportNeedsAnswer>().ProducesProblem(400).WithSummary("Take over needs of an outside collection, at most 500 at once");

    static async Task<IResult> HandleAsync(
        ImportNeedsRequest request, Caller caller, Database database, HttpContext context, CancellationToken ct)
    {
        var shape = new Shape();
        var source = shape.Text("source", request.Source, NameMax);
        var items = shape.List("items", request.Items, ItemsMax, 1);
        if (shape.Problem is { } problem) return problem;

        var language = Language.Of(context);
        var seen = new HashSet<string>();
        var checkedItems = items.Select(item => Check(item, seen)).ToList();
        await using var transaction = await database.BeginAsync(ct);
        var batchId = Guid.CreateVersion7(transaction.Now);
        var stored = await StoreAsync(transaction, caller, source, [.. checkedItems.Select(item => item.Row).OfType<ImportedRow>()], ct);
        foreach (var row in stored)
        {
            transaction.Publish(row.Id, new NeedPublished(
                row.Id, row.Version, null, row.Title, row.TechField, row.IndustryCode, row.RegionCode, transaction.Now));
        }

        var known = await FindIdsAsync(transaction, source, [.. checkedItems.Select(item => item.Row?.SourceId).OfType<string>()], ct);
        var changed = stored.Select(row => row.Id).ToHashSet();
        var results = checkedItems.Select(item => item.Row is { } row
            ? new ImportedNeed(row.SourceId, changed.Contains(known[row.SourceId]) ? "accepted" : "unchanged", known[row.SourceId], null)
            : new ImportedNeed(item.SourceId, "rejected", null, item.Problem!.In(language).Errors)).ToList();
        var answer = new ImportNeedsAnswer(batchId, Count("accepted"), Count("unchanged"), Count("rejected"), results);
        transaction.Audit(caller, "need.imported", batchId, new { source, answer.Accepted, answer.Unchanged, answer.Rejected });
        return await transaction.CommitAsync(Answer.Ok(answer), ct);

        int Count(string outcome) => results.Count(result => result.Result == outcome);
    }

    static CheckedItem Check(ImportNeedItem item, HashSet<string> seen)
    {
        var shape = new Shape();
        var sourceId = shape.Text("sourceId", item.SourceId, NameMax);
        if (sourceId.Length > 0) shape.Require(seen.Add(sourceId), "sourceId", "在本次请求中重复。", "It is repeated in this request.");
        var (min, max) = NeedRules.Budget(shape, item.Budget);
        var row = new ImportedRow(
            Guid.CreateVersion7(),
            sourceId,
            shape.OptionalText("holderName", item.HolderName, NameMax),
            shape.Text("title", item.Title, NeedRules.TitleMax),
            shape.OptionalText("problem", item.Problem, NeedRules.ProblemMax) ?? "",
            NeedRules.Indicators(shape, item.Indicators),
            shape.OptionalOneOf("techField", item.TechField, Codes.TechFields),
            string.IsNullOrEmpty(item.IndustryCode) ? null : shape.Industry("industryCode", item.IndustryCode),
            string.IsNullOrEmpty(item.RegionCode) ? null : shape.Region("regionCode", item.RegionCode),
            shape.ManyOf("cooperationModes", item.CooperationModes, Codes.CooperationModes, 0),
            min,
            max,
            item.Deadline);
        return shape.Problem is { } problem
            ? new CheckedItem(item.SourceId, null, (Problem)problem.Body!)
            : new CheckedItem(sourceId, row with { ContentHash = HashOf(row) }, null);
    }

    /// <summary>Answers the rows that were new or changed. What its owner closed here stays as it was closed.</summary>
    static Task<IReadOnlyList<StoredRow>> StoreAsync(
        Transaction transaction, Caller caller, string source, IReadOnlyList<ImportedRow> rows, CancellationToken ct) =>
        transaction.QueryAsync<StoredRow>("""
            insert into need (id, version, holder_name, title, problem, indicators, tech_field, industry_code, region_code, cooperation_modes,
                budget_min, budget_max, deadline, status, source, source_id, content_hash, recorded_by, recorded_for, created_at, changed_at)
            select i."id", 1, i."holderName", i."title", i."problem", i."indicators", i."techField", i."industryCode", i."regionCode",
                i."cooperationModes", i."budgetMin", i."budgetMax", i."deadline", 'open', @source, i."sourceId", i."contentHash", @PersonId,
                @OrganisationId, @Now, @Now
            from jsonb_to_recordset(@rows::jsonb) as i (
                "id" uuid, "sourceId" text, "holderName" text, "title" text, "problem" text, "indicators" jsonb, "techField" text,
                "industryCode" text, "regionCode" text, "cooperationModes" text[], "budgetMin" numeric, "budgetMax" numeric, "deadline" date,
                "contentHash" text)
            order by i."sourceId"
            on conflict on constraint need_source_is_unique do update set
                version = need.version + 1, holder_name = excluded.holder_name, title = excluded.title, problem = excluded.problem,
                indicators = excluded.indicators, tech_field = excluded.tech_field, industry_code = excluded.industry_code,
                region_code = excluded.region_code, cooperation_modes = excluded.cooperation_modes, budget_min = excluded.budget_min,
                budget_max = excluded.budget_max, deadline = excluded.deadline, content_hash = excluded.content_hash,
                changed_at = excluded.changed_at
            where need.content_hash <> excluded.content_hash and need.status = 'open' and need.recorded_for = excluded.recorded_for
            returning id, version, title, tech_field, industry_code, region_code
            """,
            new { source, rows = JsonSerializer.Serialize(rows, Json.Options), caller.PersonId, caller.OrganisationId, transaction.Now }, ct);

    static async Task<Dictionary<string, Guid>> FindIdsAsync(
        Transaction transaction, string source, string[] sourceIds, CancellationToken ct) =>
        (await transaction.QueryAsync<(string SourceId, Guid Id)>("""
            select source_id, id from need where source = @source and source_id = any (@sourceIds)
            """, new { source, sourceIds }, ct)).ToDictionary();

    static string HashOf(ImportedRow row) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(row with { Id = Guid.Empty }, Json.Options)));

    sealed record CheckedItem(string? SourceId, ImportedRow? Row, Problem? Problem);

    sealed record ImportedRow(
        Guid Id, string SourceId, string? HolderName, string Title, string Problem, IReadOnlyList<NeedIndicator> Indicators, string? TechField,
        string? IndustryCode, string? RegionCode, string[] CooperationModes, decimal? BudgetMin, decimal? BudgetMax, DateOnly? Deadline,
        string ContentHash = "");

    sealed record StoredRow(Guid Id, long Version, string Title, string? TechField, string? IndustryCode, string? RegionCode);
}

/// <summary>Needs of an outside collection.</summary>
/// <param name="Source">The name of the collection.</param>
/// <param name="Items">1–500 of them.</param>
public sealed record ImportNeedsRequest(string? Source, IReadOnlyList<ImportNeedItem?>? Items);

/// <summary>A need of an outside collection; only its id there and a title must be present.</summary>
/// <param name="SourceId">Its identifier there.</param>
/// <param name="HolderName">Who asks, as the source spells it.</param>
/// <param name="Title">In a line.</param>
/// <param name="Problem">The technical problem.</param>
/// <param name="Indicators">The targets.</param>
/// <param name="TechField">One of the eight.</param>
/// <param name="IndustryCode">GB/T 4754.</param>
/// <param name="RegionCode">GB/T 2260.</param>
/// <param name="CooperationModes">The ways of working together that are welcome.</param>
/// <param name="Budget">Yuan.</param>
/// <param name="Deadline">May lie in the past.</param>
public sealed record ImportNeedItem(
    string? SourceId, string? HolderName, string? Title, string? Problem, IReadOnlyList<NeedIndicator?>? Indicators, string? TechField,
    string? IndustryCode, string? RegionCode, IReadOnlyList<string?>? CooperationModes, NeedBudget? Budget, DateOnly? Deadline);

/// <summary>What became of an import.</summary>
/// <param name="BatchId">Names it in the audit log.</param>
/// <param name="Accepted">New or changed.</param>
/// <param name="Unchanged">Known as they are.</param>
/// <param name="Rejected">Not taken.</param>
/// <param name="Items">One result a record, in the order of the request.</param>
public sealed record ImportNeedsAnswer(Guid BatchId, int Accepted, int Unchanged, int Rejected, IReadOnlyList<ImportedNeed> Items);

/// <summary>What became of a record.</summary>
/// <param name="SourceId">Its identifier in the collection.</param>
/// <param name="Result">accepted, unchanged or rejected.</param>
/// <param name="Id">Its id here.</param>
/// <param name="Errors">For a rejected one: what is wrong with each field.</param>
public sealed record ImportedNeed(string? SourceId, string Result, Guid? Id, IReadOnlyDictionary<string, string[]>? Errors);
