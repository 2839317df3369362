using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TechMarket.Events.Tests;

/// <summary>Messages as they were first published, and how a message of today is held against them.</summary>
static class Snapshots
{
    /// <summary>The message of an event, as it lies in <c>Snapshots/NAME.json</c>; null when there is none.</summary>
    public static string? Text(string name)
    {
        using var stream = typeof(Snapshots).Assembly.GetManifestResourceStream($"TechMarket.Events.Tests.Snapshots.{name}.json");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The names that have one.</summary>
    public static IEnumerable<string> Names() => typeof(Snapshots).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".json", StringComparison.Ordinal)).Select(name => name.Split('.')[^2]);

    /// <summary>What a reader of the recorded message would miss in the written one. A field that the record does not know may be there as long as
    /// it is empty, for that is how an old message is read by a program that knows it.</summary>
    public static IEnumerable<string> Differences(JsonNode? recorded, JsonNode? written, string path = "$") => (recorded, written) switch
    {
        (JsonObject before, JsonObject now) => before.SelectMany(field => now.ContainsKey(field.Key)
                ? Differences(field.Value, now[field.Key], $"{path}.{field.Key}")
                : [$"{path}.{field.Key} is lost"])
            .Concat(now.Where(field => field.Value is not null && !before.ContainsKey(field.Key)).Select(field => $"{path}.{field.Key} came from nowhere")),
        (JsonArray before, JsonArray now) when before.Count == now.Count =>
            before.SelectMany((value, i) => Differences(value, now[i], $"{path}[{i}]")),
        _ when Kind(recorded) != Kind(written) => [$"{path} was {Kind(recorded)}, is {Kind(written)}"],
        _ when recorded?.ToJsonString() != written?.ToJsonString() => [$"{path} was {recorded?.ToJsonString()}, is {written?.ToJsonString()}"],
        _ => [],
    };

    /// <summary>Fields that a recorded message does not carry, though the type must have them filled: no old message can fill them.</summary>
    public static IEnumerable<string> RequiredLater(Type type, JsonNode? recorded, string path = "$") => recorded switch
    {
        JsonArray array => array.SelectMany((value, i) => RequiredLater(type.GetGenericArguments()[0], value, $"{path}[{i}]")),
        JsonObject fields => type.GetProperties().SelectMany(property => fields.TryGetPropertyValue(NameOf(property), out var value)
            ? RequiredLater(property.PropertyType, value, $"{path}.{NameOf(property)}")
            : IsOptional(property) ? [] : [$"{path}.{NameOf(property)}"]),
        _ => [],
    };

    /// <summary>Takes every field out that may be left out, down to the last fact in a list.</summary>
    public static int RemoveOptional(JsonNode? message, Type type)
    {
        switch (message)
        {
            case JsonArray array:
                return array.Sum(value => RemoveOptional(value, type.GetGenericArguments()[0]));
            case JsonObject fields:
                var optional = type.GetProperties().Where(IsOptional).Count(property => fields.Remove(NameOf(property)));
                return optional + type.GetProperties().Sum(property => RemoveOptional(fields[NameOf(property)], property.PropertyType));
            default:
                return 0;
        }
    }

    /// <summary>Adds fields that nobody knows yet to every object of a message.</summary>
    public static void AddUnknown(JsonNode? message)
    {
        foreach (var part in message is JsonArray array ? [.. array] : message is JsonObject of ? of.Select(field => field.Value).ToList() : [])
            AddUnknown(part);
        if (message is not JsonObject fields) return;
        fields["addedLater"] = "甲";
        fields["alsoAddedLater"] = new JsonObject { ["inside"] = new JsonArray(1, null, true) };
    }

    /// <summary>True when a message may leave the field out.</summary>
    public static bool IsOptional(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable);

    /// <summary>A field's name on the wire.</summary>
    public static string NameOf(PropertyInfo property) => EventCatalogue.Json.PropertyNamingPolicy!.ConvertName(property.Name);

    static JsonValueKind Kind(JsonNode? node) => node?.GetValueKind() ?? JsonValueKind.Null;
}
