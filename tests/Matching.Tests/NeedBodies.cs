using System.Text.Json.Nodes;
using TechMarket.Events;
using TechMarket.TestKit;

namespace TechMarket.Matching.Tests;

/// <summary>Requests and events made up for the tests.</summary>
public static class NeedBodies
{
    /// <summary>A need with everything; a test changes one field of it.</summary>
    public static JsonObject Full(string title = "储能电站用高安全锂离子电池热失控防护技术") => new()
    {
        ["title"] = title,
        ["problem"] = "现有磷酸铁锂储能电芯在过充与内短路时存在热失控风险，需要本质安全的电解质或隔膜方案。",
        ["indicators"] = new JsonArray(new JsonObject { ["name"] = "循环寿命", ["target"] = "≥8000", ["unit"] = "次" }),
        ["techField"] = "new_energy_saving",
        ["industryCode"] = "C3841",
        ["regionCode"] = "341623",
        ["cooperationModes"] = new JsonArray("assignment", "licence_exclusive"),
        ["budget"] = new JsonObject { ["min"] = Cny("800000.00"), ["max"] = Cny("2000000.00") },
        ["deadline"] = "2099-12-31",
    };

    public static JsonObject Cny(string amount) => new() { ["amount"] = amount, ["currency"] = "CNY" };

    public static JsonObject With(this JsonObject body, string field, JsonNode? value)
    {
        body[field] = value;
        return body;
    }

    public static JsonObject Without(this JsonObject body, string field)
    {
        body.Remove(field);
        return body;
    }

    /// <summary>Posts a need and answers its id.</summary>
    public static async Task<Guid> PostNeedAsync(this ServiceUnderTest service, TestPerson seeker, JsonObject? body = null) =>
        (await service.As(seeker).PostAsync("/api/needs", body ?? Full())).Expect(201).Id;

    public static AchievementPublished Achievement(
        string title, string summary, string? techField = null, string? industryCode = null, string? regionCode = null, int? trl = null,
        string[]? modes = null, decimal? price = null, string[]? keywords = null, long version = 1, Guid? id = null, Guid? organisation = null) =>
        new(id ?? Guid.CreateVersion7(), version, organisation ?? Guid.CreateVersion7(), "某大学", "university", title, summary, "",
            "applied_technology", keywords ?? [], techField, industryCode, regionCode, trl, modes ?? [], [], [], [], null,
            new RightsFact(false, false, []), price, null, null, "zh", Guid.CreateVersion7(), DateTimeOffset.UtcNow);
}
