using System.Globalization;
using System.Text.Json.Nodes;
using TechMarket.Listings.Registration;

namespace TechMarket.Listings.Tests;

/// <summary>Bodies of requests that are right; tests spoil them.</summary>
static class AchievementBodies
{
    static int serial;

    public static JsonObject Good(string regionCode = "510107", string title = "高镍正极材料的单晶化制备方法") => new()
    {
        ["title"] = title,
        ["summary"] = "以两段烧结得到单晶颗粒，循环寿命提高一倍。",
        ["description"] = "中试线已连续运行六个月。",
        ["category"] = "applied_technology",
        ["keywords"] = new JsonArray("正极材料", "单晶"),
        ["techField"] = "new_materials",
        ["industryCode"] = "C3841",
        ["regionCode"] = regionCode,
        ["trl"] = 7,
        ["transferModes"] = new JsonArray("assignment", "licence_exclusive"),
        ["intellectualProperty"] = new JsonArray(Right("invention", NewInvention())),
        ["completers"] = new JsonArray(Completer("赵一", 60m), Completer("钱二", 40m)),
        ["fundingSource"] = "provincial_plan",
        ["evidence"] = new JsonArray(Evidence("evaluation_certificate"), Evidence("development_report")),
        ["rights"] = new JsonObject { ["pledged"] = false, ["disputed"] = false, ["priorLicences"] = new JsonArray() },
    };

    /// <summary>A good body with one field changed; null leaves it out.</summary>
    public static JsonObject With(string field, JsonNode? value)
    {
        var body = Good();
        if (value is null) body.Remove(field);
        else body[field] = value;
        return body;
    }

    public static JsonObject Right(string kind, string? number) => new() { ["kind"] = kind, ["number"] = number };

    public static JsonObject Completer(string name, decimal share) => new() { ["name"] = name, ["sharePercent"] = share };

    public static JsonObject Evidence(string kind) => new() { ["kind"] = kind, ["title"] = "证明材料" };

    public static JsonObject Import(string source, params JsonObject[] items) => new()
    {
        ["source"] = source,
        ["items"] = new JsonArray([.. items]),
    };

    public static JsonObject Item(string sourceId, string title) => new() { ["sourceId"] = sourceId, ["title"] = title, ["holderName"] = "外部大学" };

    static string NewInvention()
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"20241{Interlocked.Increment(ref serial):0000000}");
        return $"ZL{digits}.{PatentNumbers.CheckCharacter(digits)}";
    }
}
