using System.Text.RegularExpressions;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Matching.Needs;

/// <summary>Lists needs, the newest first.</summary>
public static partial class ListNeeds
{
    const int TextMax = 200;
    const int WordsMax = 10;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/needs", HandleAsync).ForAnyone().Produces<Page<NeedAnswer>>().ProducesProblem(400)
            .WithSummary("Technology needs, the newest first; words of q are alternatives");

    static async Task<IResult> HandleAsync(
        string? q, string? techField, string? industryCode, string? regionCode, string? cooperationMode, string? status, Guid? organisationId,
        int? limit, string? cursor, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var words = shape.OptionalText("q", q, TextMax)?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(WordsMax).ToArray();
        shape.OptionalOneOf("techField", techField, Codes.TechFields);
        shape.OptionalOneOf("cooperationMode", cooperationMode, Codes.CooperationModes);
        shape.OptionalOneOf("status", status, NeedRules.Statuses);
        if (!string.IsNullOrEmpty(industryCode)) shape.Industry("industryCode", industryCode);
        if (!string.IsNullOrEmpty(regionCode)) shape.Region("regionCode", regionCode);
        var count = Cursor.Limit(shape, limit);
        var after = Cursor.Read(shape, cursor);
        if (shape.Problem is { } problem) return problem;

        var needs = await database.QueryAsync<Need>($"""
            select {Need.Columns} from need
            where status = @status
              and (@words::text[] is null or title ilike any (@words) or (@isMember and problem ilike any (@words)))
              and (@techField::text is null or tech_field = @techField)
              and (@industry::text is null or starts_with(industry_code, @industry))
              and (@region::text is null or starts_with(region_code, @region))
              and (@cooperationMode::text is null or @cooperationMode = any (cooperation_modes))
              and (@organisationId::uuid is null or organisation_id = @organisationId)
              and (@at::timestamptz is null or (created_at, id) < (@at, @afterId))
            order by created_at desc, id desc limit @rows
            """,
            new
            {
                status = Given(status) ?? "open",
                words = words is { Length: > 0 } ? words.Select(Contains).ToArray() : null,
                // Who may not read the problem may not feel for its words either.
                isMember = caller.IsSignedIn,
                techField = Given(techField),
                industry = Given(industryCode),
                region = Given(regionCode) is { } code ? Caller.RegionPrefix(code) : null,
                cooperationMode = Given(cooperationMode),
                organisationId,
                at = after?.At,
                afterId = after?.Id,
                rows = count + 1,
            }, ct);
        var page = Page<Need>.Of(needs, count, need => new Cursor(need.CreatedAt, need.Id).ToString());
        return Answer.Ok(new Page<NeedAnswer>([.. page.Items.Select(need => need.For(caller))], page.NextCursor));
    }

    static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    static string Contains(string word) => $"%{LikeCharacter().Replace(word, @"\$0")}%";

    [GeneratedRegex(@"[\\%_]")]
    private static partial Regex LikeCharacter();
}
