using System.Text.Json;
using System.Text.Json.Nodes;

namespace TechMarket.SystemTests;

/// <summary>A body that no endpoint may take, what is wrong with it, and the field that the answer must name (null when any will do).</summary>
public sealed record Spoiled(string What, string Body, string? Field)
{
    /// <summary>Every way in which a good body is spoiled: as a whole, and field by field to any depth.</summary>
    /// <param name="good">A body the endpoint takes.</param>
    /// <param name="required">Top-level fields that must not be missing.</param>
    public static IEnumerable<Spoiled> Of(JsonObject good, IReadOnlyCollection<string> required)
    {
        yield return new Spoiled("malformed JSON", good.ToJsonString()[..^1], null);
        yield return new Spoiled("no JSON at all", "<xml/>", null);
        foreach (var whole in new[] { "[]", "\"text\"", "17", "true" }) yield return new Spoiled($"{whole} for an object", whole, null);
        // A step that asks nothing may as well be sent without a body.
        foreach (var whole in good.Count == 0 ? [] : new[] { "null", "" }) yield return new Spoiled($"{whole} for an object", whole, null);
        yield return With(good, "an unknown field", "unheardOf", body => body["unheardOf"] = 1);
        foreach (var name in good.Select(field => field.Key).ToList())
        {
            yield return With(good, $"{name} of a foreign type", name, body => body[name] = Foreign(body[name]));
            if (required.Contains(name)) yield return With(good, $"{name} missing", name, body => body.Remove(name));
            if (required.Contains(name)) yield return With(good, $"{name} null", name, body => body[name] = null);
            if (good[name]?.GetValueKind() == JsonValueKind.String)
            {
                yield return With(good, $"{name} with a control character", name, body => body[name] = $"a{(char)7}b");
                yield return With(good, $"{name} with half a character", name, body => body[name] = "HALF",
                    text => text.Replace("\"HALF\"", "\"\\ud800\"", StringComparison.Ordinal));
                yield return With(good, $"{name} endless", name, body => body[name] = new string('长', 60_000));
            }

            if (good[name] is JsonObject inner && inner.Count > 0)
            {
                yield return With(good, $"{name} with an unknown field", $"{name}.unheardOf", body => body[name]!["unheardOf"] = 1);
                foreach (var part in inner.Select(field => field.Key))
                    yield return With(good, $"{name}.{part} of a foreign type", $"{name}.{part}", body => body[name]![part] = Foreign(body[name]![part]));
            }

            if (good[name] is JsonArray { Count: > 0 } list)
            {
                yield return With(good, $"{name}[0] null", name, body => body[name]![0] = null);
                yield return With(good, $"{name} endless", name,
                    body => body[name] = new JsonArray([.. Enumerable.Repeat(list[0], 2_000).Select(item => item?.DeepClone())]));
            }
        }
    }

    static Spoiled With(JsonObject good, string what, string field, Action<JsonObject> spoil, Func<string, string>? text = null)
    {
        var body = good.DeepClone().AsObject();
        spoil(body);
        return new Spoiled(what, text?.Invoke(body.ToJsonString()) ?? body.ToJsonString(), field);
    }

    static JsonNode Foreign(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => new JsonArray(1, 2),
        JsonValueKind.Number => JsonValue.Create("a word"),
        JsonValueKind.True or JsonValueKind.False => JsonValue.Create("a word"),
        JsonValueKind.Array => JsonValue.Create(5),
        _ => JsonValue.Create("a word"),
    };
}
