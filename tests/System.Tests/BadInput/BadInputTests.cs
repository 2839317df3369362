using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TechMarket.Tools;
using Xunit;

namespace TechMarket.SystemTests;

/// <summary>Whatever is thrown at a POST of the main job: a clear problem that names the field, never a 500, never a leak, nothing changed.</summary>
public sealed class BadInputTests(MarketAfterOneDeal market) : IClassFixture<MarketAfterOneDeal>
{
    static readonly string[] Leaks = ["Exception", "Npgsql", "   at ", "TechMarket.", "constraint", "stack", "select "];

    public static TheoryData<string> Posts() => [.. MarketAfterOneDeal.Names];

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_spoiled_body_gets_a_problem_that_names_the_field(string name)
    {
        var post = market.Post(name);
        var before = await market.StateAsync();
        List<string> faults = [];
        foreach (var spoiled in Spoiled.Of(post.Good, post.Required))
        {
            var (status, text) = await market.SendAsync(post.Path, spoiled.Body, post.Caller);
            Explain(faults, $"{name}: {spoiled.What}", status, text, spoiled.Field, 400);
        }

        Fail(faults);
        Assert.Equal(before, await market.StateAsync());
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_body_of_many_megabytes_is_refused(string name)
    {
        var post = market.Post(name);
        // Batches of records may be longer.
        var megabytes = name.EndsWith("imports", StringComparison.Ordinal) ? 17 : 10;
        var (status, text) = await market.SendAsync(post.Path, $$"""{"title":"{{new string('x', megabytes * 1024 * 1024)}}"}""", post.Caller);
        List<string> faults = [];
        Explain(faults, name, status, text, null, 413);
        Fail(faults);
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Strangers_and_other_roles_are_kept_out(string name)
    {
        var post = market.Post(name);
        if (post.Strangers.Count == 0) return;
        var before = await market.StateAsync();
        List<string> faults = [];
        foreach (var (who, caller) in post.Strangers)
        {
            var (status, text) = await market.SendAsync(post.Path, post.Good.ToJsonString(), caller);
            if (caller is null ? status != 401 : status is not (403 or 404)) faults.Add($"{name} as {who}: {status} {text}");
            if (Leaks.Any(leak => text.Contains(leak, StringComparison.OrdinalIgnoreCase))) faults.Add($"{name} as {who} leaks: {text}");
        }

        Fail(faults);
        Assert.Equal(before, await market.StateAsync());
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task An_id_that_is_none_is_not_found(string name)
    {
        var post = market.Post(name);
        if (!post.Path.Contains(post.Id, StringComparison.Ordinal) || post.Id.Length == 0) return;
        List<string> faults = [];
        foreach (var id in new[] { Guid.NewGuid().ToString(), "17", "%00", "..%2f..", "'or 1=1--" })
        {
            var (status, text) = await market.SendAsync(post.Path.Replace(post.Id, id, StringComparison.Ordinal), post.Good.ToJsonString(), post.Caller);
            if (status is not (400 or 404 or 409 or 405)) faults.Add($"{name} {id}: {status} {text}");
        }

        Fail(faults);
    }

    static void Explain(List<string> faults, string what, int status, string text, string? field, int expected)
    {
        if (status != expected) faults.Add($"{what}: {status} instead of {expected}: {text}");
        else if (Leaks.Any(leak => text.Contains(leak, StringComparison.OrdinalIgnoreCase))) faults.Add($"{what} leaks: {text}");
        else if (JsonNode.Parse(text) is not JsonObject problem || problem["type"] is null || problem["title"] is null)
            faults.Add($"{what} is no problem document: {text}");
        else if (expected == 400 && problem["errors"] is not JsonObject { Count: > 0 }) faults.Add($"{what} names no field: {text}");
        else if (field is not null && !problem["errors"]!.AsObject().Any(error => Names(error.Key, field))) faults.Add($"{what} does not name {field}: {text}");
    }

    /// <summary>«keywords[0]» and «budget.min» name their field as well as «keywords» and «budget» do.</summary>
    static bool Names(string key, string field) =>
        key == field || key.StartsWith($"{field}.", StringComparison.Ordinal) || key.StartsWith($"{field}[", StringComparison.Ordinal)
        || (field.Contains('.', StringComparison.Ordinal) && key == field[..field.IndexOf('.', StringComparison.Ordinal)]);

    static void Fail(List<string> faults) => Assert.True(faults.Count == 0, string.Join('\n', faults.Select(fault => fault[..Math.Min(fault.Length, 400)])));
}
