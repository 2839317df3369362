using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using TechMarket.Events;
using TechMarket.Listings.Publication;
using TechMarket.Listings.Registration;
using TechMarket.Listings.Screening;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Imports;

/// <summary>A bureau takes over achievements of an outside source and signs one screening decision for the batch, kept on each record: origin
/// and holder stay as they are there, what is missing stays empty, and none gets a registration number. The same record again changes nothing;
/// a changed one becomes a new version; one that cannot be taken is told with its reasons while the others are taken.</summary>
public static class ImportAchievements
{
    const int ItemsMax = 500;
    const long BodyBytesMax = 16 * 1024 * 1024;
    const int NameMax = 300;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/achievements/imports", HandleAsync).ForRoles(Roles.Bureau).WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax))
            .Produces<ImportAnswer>().ProducesProblem(400).WithSummary("Take over achievements of an outside source, at most 500 at once");

    static async Task<IResult> HandleAsync(
        ImportRequest request, Caller caller, Database database, IndexFeed feed, HttpContext context, CancellationToken ct)
    {
        var shape = new Shape();
        var source = shape.Text("source", request.Source, NameMax);
        var items = shape.List("items", request.Items, ItemsMax, 1);
        if (shape.Problem is { } problem) return problem;

        var language = Language.Of(context);
        HashSet<string> seen = [];
        var checkedItems = items.Select(item => Check(item, seen)).ToList();
        await using var transaction = await database.BeginAsync(ct);
        var screeningId = await ScreenAchievement.SignAsync(transaction, caller, "public", $"import {source}", "[]", ct);
        var stored = await StoreAsync(transaction, caller, source, screeningId, [.. checkedItems.Select(item => item.Row).OfType<ImportedRow>()], ct);
        await KeepVersionsAsync(transaction, caller, [.. stored.Select(row => row.Id)], ct);
        var published = stored.Select(row => row.Published()).ToList();
        foreach (var record in published) transaction.Publish(record.AchievementId, record);
        transaction.AfterCommit(() => published.ForEach(feed.Publish));

        var known = await FindIdsAsync(transaction, source, [.. checkedItems.Select(item => item.Row?.SourceId).OfType<string>()], ct);
        var changed = stored.Select(row => row.Id).ToHashSet();
        var results = checkedItems.Select(item => item.Row is { } row
            ? new ImportedAchievement(row.SourceId, changed.Contains(known[row.SourceId]) ? "accepted" : "unchanged", known[row.SourceId], null)
            : new ImportedAchievement(item.SourceId, "rejected", null, item.Problem!.In(language).Errors)).ToList();
        var answer = new ImportAnswer(screeningId, Count("accepted"), Count("unchanged"), Count("rejected"), results);
        transaction.Audit(caller, "achievement.imported", screeningId, new { source, answer.Accepted, answer.Unchanged, answer.Rejected });
        return await transaction.CommitAsync(Answer.Ok(answer), ct);

        int Count(string result) => results.Count(one => one.Result == result);
    }

    static CheckedItem Check(ImportItem item, HashSet<string> seen)
    {
        var shape = new Shape();
        var sourceId = shape.Text("sourceId", item.SourceId, NameMax);
        if (sourceId.Length > 0) shape.Require(seen.Add(sourceId), "sourceId", "在本次请求中重复。", "It is repeated in this request.");
        var content = new AchievementContent(
            shape.Text("title", item.Title, AchievementRules.TitleMax),
            shape.OptionalText("summary", item.Summary, AchievementRules.SummaryMax) ?? "",
            shape.OptionalText("description", item.Description, AchievementRules.DescriptionMax) ?? "",
            shape.OptionalOneOf("category", item.Category, Codes.AchievementCategories),
            shape.Texts("keywords", item.Keywords, 10, AchievementRules.KeywordMax),
            shape.OptionalOneOf("techField", item.TechField, Codes.TechFields),
            string.IsNullOrEmpty(item.IndustryCode) ? null : shape.Industry("industryCode", item.IndustryCode),
            string.IsNullOrEmpty(item.RegionCode) ? null : shape.Region("regionCode", item.RegionCode),
            shape.OptionalRange("trl", item.Trl, 1, AchievementRules.TrlMax),
            shape.ManyOf("transferModes", item.TransferModes, Codes.TransferModes, 0),
            AchievementRules.IntellectualProperty(shape, item.IntellectualProperty, 0),
            [],
            [],
            null,
            [],
            new RightsFact(false, false, []),
            null,
            shape.OptionalText("holderName", item.HolderName, NameMax),
            item.Language is null or "zh" ? "zh" : shape.OneOf("language", item.Language, Languages));
        if (shape.Problem is { } problem) return new CheckedItem(item.SourceId, null, (Problem)problem.Body!);
        var json = JsonSerializer.Serialize(content, Json.Options);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
        return new CheckedItem(sourceId, new ImportedRow(Guid.CreateVersion7(), sourceId, content, content.RegionCode, hash), null);
    }

    /// <summary>Answers the rows that were new or changed. What was withdrawn here stays withdrawn.</summary>
    static Task<IReadOnlyList<Achievement>> StoreAsync(
        Transaction transaction, Caller caller, string source, Guid screeningId, IReadOnlyList<ImportedRow> rows, CancellationToken ct) =>
        transaction.QueryAsync<Achievement>($"""
            insert into achievement (id, version, published_version, organisation_id, organisation_name, organisation_kind, status, content, region_code,
                screening_id, published_at, source, source_id, content_hash, created_by, created_at, changed_at)
            select i."id", 1, 1, @OrganisationId, @name, @kind, 'published', i."content", i."regionCode", @screeningId, @Now, @source, i."sourceId",
                i."contentHash", @PersonId, @Now, @Now
            from jsonb_to_recordset(@rows::jsonb) as i ("id" uuid, "sourceId" text, "content" jsonb, "regionCode" text, "contentHash" text)
            order by i."sourceId"
            on conflict on constraint achievement_source_is_unique do update set
                version = achievement.version + 1, published_version = achievement.published_version + 1, content = excluded.content,
                region_code = excluded.region_code, screening_id = excluded.screening_id, published_at = excluded.published_at,
                content_hash = excluded.content_hash, changed_at = excluded.changed_at, changed_in = pg_current_xact_id()
            where achievement.content_hash <> excluded.content_hash and achievement.status = 'published'
              and achievement.organisation_id = excluded.organisation_id
            returning {Achievement.Columns}
            """,
            new
            {
                source,
                screeningId,
                name = caller.Organisation!.Name,
                kind = caller.Organisation.Kind,
                rows = JsonSerializer.Serialize(rows, Json.Options),
                caller.PersonId,
                caller.OrganisationId,
                transaction.Now,
            }, ct);

    static Task KeepVersionsAsync(Transaction transaction, Caller caller, Guid[] ids, CancellationToken ct) => transaction.ExecuteAsync("""
        insert into achievement_version (achievement_id, version, status, content, changed_by, changed_at)
        select id, version, status, content, @PersonId, changed_at from achievement where id = any (@ids)
        """, new { ids, caller.PersonId }, ct);

    static async Task<Dictionary<string, Guid>> FindIdsAsync(Transaction transaction, string source, string[] sourceIds, CancellationToken ct) =>
        (await transaction.QueryAsync<(string SourceId, Guid Id)>(
            "select source_id, id from achievement where source = @source and source_id = any (@sourceIds)", new { source, sourceIds }, ct)).ToDictionary();

    static readonly HashSet<string> Languages = ["zh", "en"];

    sealed record CheckedItem(string? SourceId, ImportedRow? Row, Problem? Problem);

    sealed record ImportedRow(Guid Id, string SourceId, AchievementContent Content, string? RegionCode, string ContentHash);
}

/// <summary>Achievements of an outside source.</summary>
/// <param name="Source">The name of the collection.</param>
/// <param name="Items">1–500 of them.</param>
public sealed record ImportRequest(string? Source, IReadOnlyList<ImportItem?>? Items);

/// <summary>An achievement of an outside source; only its id there and a title must be present.</summary>
/// <param name="SourceId">Its identifier there.</param>
/// <param name="Title">成果名称.</param>
/// <param name="Summary">The public summary.</param>
/// <param name="Description">More of it.</param>
/// <param name="HolderName">The holder as the source spells it.</param>
/// <param name="Category">成果类别.</param>
/// <param name="Keywords">At most ten.</param>
/// <param name="TechField">One of the eight.</param>
/// <param name="IndustryCode">GB/T 4754.</param>
/// <param name="RegionCode">GB/T 2260.</param>
/// <param name="Trl">1–13.</param>
/// <param name="TransferModes">How it may be transferred.</param>
/// <param name="IntellectualProperty">What protects it.</param>
/// <param name="Language">zh (when missing) or en.</param>
public sealed record ImportItem(
    string? SourceId, string? Title, string? Summary, string? Description, string? HolderName, string? Category, IReadOnlyList<string?>? Keywords,
    string? TechField, string? IndustryCode, string? RegionCode, int? Trl, IReadOnlyList<string?>? TransferModes,
    IReadOnlyList<IntellectualPropertyRequest?>? IntellectualProperty, string? Language);

/// <summary>What became of an import.</summary>
/// <param name="ScreeningId">The screening decision that was signed for it.</param>
/// <param name="Accepted">New or changed.</param>
/// <param name="Unchanged">Known as they are.</param>
/// <param name="Rejected">Not taken.</param>
/// <param name="Items">One result a record, in the order of the request.</param>
public sealed record ImportAnswer(Guid ScreeningId, int Accepted, int Unchanged, int Rejected, IReadOnlyList<ImportedAchievement> Items);

/// <summary>What became of a record.</summary>
/// <param name="SourceId">Its identifier in the collection.</param>
/// <param name="Result">accepted, unchanged or rejected.</param>
/// <param name="Id">Its id here.</param>
/// <param name="Errors">For a rejected one: what is wrong with each field.</param>
public sealed record ImportedAchievement(string? SourceId, string Result, Guid? Id, IReadOnlyDictionary<string, string[]>? Errors);
