using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using TechMarket.Search;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Search;

/// <summary>Anyone takes the result of a search along as a table: CSV that spreadsheets open, the best first, at most 10,000 rows.</summary>
public static class ExportAchievements
{
    const int RowsMax = 10_000;
    const int PageRows = 100;

    static readonly (string Chinese, string English, Func<FoundAchievement, string?> Cell)[] Columns =
    [
        ("成果名称", "title", row => row.Title),
        ("持有单位", "holder", row => row.Holder),
        ("简介", "summary", row => row.Summary),
        ("成果类别", "category", row => row.Category),
        ("关键词", "keywords", row => string.Join('；', row.Keywords)),
        ("高新技术领域", "techField", row => row.TechField),
        ("应用行业", "industryCode", row => row.IndustryCode),
        ("所在地", "regionCode", row => row.RegionCode),
        ("技术就绪水平", "trl", row => row.Trl?.ToString(CultureInfo.InvariantCulture)),
        ("拟转化方式", "transferModes", row => string.Join('；', row.TransferModes)),
        ("意向价格（元）", "askingPriceCny", row => row.AskingPrice?.Amount.ToString(CultureInfo.InvariantCulture)),
        ("批准登记号", "registrationNo", row => row.RegistrationNo),
        ("来源", "source", row => row.Origin?.Source),
        ("发布时间", "publishedAt", row => row.PublishedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        ("编号", "id", row => row.Id.ToString()),
    ];

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/achievements/export", HandleAsync).ForAnyone().ProducesProblem(400).WithSummary("Take the result of a search along as CSV");

    static async Task<IResult> HandleAsync(
        string? q, string? techField, string? industryCode, string? regionCode, int? trlMin, string? transferMode, string? language, HttpContext context,
        IAchievementIndex index, CancellationToken ct)
    {
        var shape = new Shape();
        var (text, filter) = SearchAchievements.Check(shape, q, techField, industryCode, regionCode, trlMin, transferMode, language);
        if (shape.Problem is { } problem) return problem;
        var isChinese = Language.Of(context) != "en";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"achievements.csv\"";
        return Results.Stream(stream => WriteAsync(stream, index, text, filter, isChinese, ct), "text/csv; charset=utf-8");
    }

    static async Task WriteAsync(Stream stream, IAchievementIndex index, string? text, SearchFilter filter, bool isChinese, CancellationToken ct)
    {
        // Spreadsheets know UTF-8 by its mark; a text that begins like a formula stays a text.
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await using var csv = new CsvWriter(writer, new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape });
        foreach (var column in Columns) csv.WriteField(isChinese ? column.Chinese : column.English);
        await csv.NextRecordAsync();
        SearchCursor? after = null;
        for (var rows = 0; rows < RowsMax; rows += PageRows)
        {
            var page = await index.SearchAsync(new SearchQuery(text, filter, PageRows, after), ct);
            foreach (var row in page.Hits.Select(SearchAchievements.Item))
            {
                foreach (var column in Columns) csv.WriteField(column.Cell(row));
                await csv.NextRecordAsync();
            }

            if (page.Hits.Count < PageRows) return;
            after = new SearchCursor(page.Hits[^1].SortKey, page.Hits[^1].Achievement.AchievementId);
        }
    }
}
