using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace TechMarket.Events.Tests;

/// <summary>Events are facts: nothing in them can be changed, and nothing in them does anything.</summary>
public sealed class ShapeTests
{
    static readonly Type[] Values =
        [typeof(string), typeof(Guid), typeof(DateTimeOffset), typeof(decimal), typeof(long), typeof(int), typeof(bool)];

    public static TheoryData<string> Records() => [.. Published().Select(type => type.Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_is_sealed_and_cannot_be_changed(string name) => Assert.Empty(Faults(Type(name)));

    [Fact]
    public void What_could_be_changed_is_found()
    {
        Assert.Equal(["Open is not sealed", "Open.Tags is a List`1", "Open.Anything is a Object", "Open.Title can be set"], Faults(typeof(Open)));
        Assert.Equal(["NoRecord is not a record"], Faults(typeof(NoRecord)));
    }

    [Fact]
    public void All_is_in_one_namespace() => Assert.Equal(["TechMarket.Events"], typeof(EventCatalogue).Assembly.GetExportedTypes()
        .Select(type => type.Namespace).Distinct());

    [Fact]
    public void Every_record_is_an_event_of_the_catalogue_or_a_part_of_one()
    {
        var inside = EventCatalogue.Types.Values.SelectMany(Parts).ToHashSet();
        Assert.Equal([typeof(EventEnvelope), typeof(EventMessage)],
            Published().Where(type => !inside.Contains(type)).OrderBy(type => type.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void An_event_is_known_by_the_name_of_its_record_and_says_when_it_happened()
    {
        Assert.All(EventCatalogue.Types, known => Assert.Equal(known.Value.Name, known.Key));
        Assert.All(EventCatalogue.Types.Values, type => Assert.Contains(type.GetProperties(),
            property => property.PropertyType == typeof(DateTimeOffset) && property.Name.EndsWith("At", StringComparison.Ordinal)));
    }

    static IEnumerable<Type> Published() => typeof(EventCatalogue).Assembly.GetExportedTypes().Where(type => type != typeof(EventCatalogue));

    static Type Type(string name) => Published().Single(type => type.Name == name);

    static IEnumerable<Type> Parts(Type type) =>
        type.GetProperties().Select(Inner).Where(part => !Values.Contains(part)).SelectMany(Parts).Prepend(type);

    static IEnumerable<string> Faults(Type type)
    {
        if (type.GetMethod("<Clone>$") is null)
        {
            yield return $"{type.Name} is not a record";
            yield break;
        }

        if (!type.IsSealed) yield return $"{type.Name} is not sealed";
        foreach (var property in type.GetProperties())
        {
            var init = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            if (init == false) yield return $"{type.Name}.{property.Name} can be set";
            var inner = Inner(property);
            if (!Values.Contains(inner) && inner.Assembly != typeof(EventCatalogue).Assembly)
                yield return $"{type.Name}.{property.Name} is a {inner.Name}";
        }

        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Instance)) yield return $"{type.Name}.{field.Name} is a field";
    }

    /// <summary>What a nullable holds, or a list that can only be read.</summary>
    static Type Inner(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : type;
    }

    public record Open(string Title, List<string> Tags, object Anything)
    {
        public string Title { get; set; } = Title;
    }

    sealed class NoRecord
    {
        public string Title { get; init; } = "";
    }
}
