using System.Collections.Frozen;
using System.Text.Json;

namespace TechMarket.Events;

/// <summary>Every event that may be on the wire, by its name there, and the one way it is written as JSON. An event is never changed
/// once published except by a new nullable property; anything else is a new event.</summary>
public static class EventCatalogue
{
    /// <summary>The names and types of all events. The name on the wire is the name of the record.</summary>
    public static FrozenDictionary<string, Type> Types { get; } = new[]
    {
        typeof(OrganisationChanged),
        typeof(SessionRevoked),
        typeof(AchievementPublished),
        typeof(AchievementWithdrawn),
        typeof(NeedPublished),
        typeof(NeedClosed),
        typeof(AuctionListed),
        typeof(AuctionAwarded),
        typeof(AuctionFailed),
        typeof(DealAgreed),
        typeof(ContractRegistered),
    }.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>camelCase, numbers as they are, unknown properties ignored: an older consumer reads a newer event.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes an event as it goes over the wire.</summary>
    public static string Write(object value) => JsonSerializer.Serialize(value, value.GetType(), Json);

    /// <summary>Reads an event of a catalogued name; null when this build does not know the name.</summary>
    public static object? Read(string name, string json) =>
        Types.TryGetValue(name, out var type) ? JsonSerializer.Deserialize(json, type, Json) : null;
}
