namespace TechMarket.Events;

/// <summary>One event on its way, with the identity that makes its effect happen once.</summary>
/// <param name="MessageId">Unique for ever; consumers remember it.</param>
/// <param name="AggregateId">Events of one aggregate arrive in the order they were published.</param>
/// <param name="Type">The name of the event in <see cref="EventCatalogue"/>.</param>
/// <param name="Body">The event as JSON.</param>
/// <param name="TraceParent">W3C trace context of the request that published it.</param>
/// <param name="PublishedAt">When it was published.</param>
public sealed record EventMessage(Guid MessageId, Guid AggregateId, string Type, string Body, string? TraceParent, DateTimeOffset PublishedAt);

/// <summary>What actually travels over the broker: consecutive events of one service in their order (docs/decisions/0005).</summary>
/// <param name="Source">The publishing service.</param>
/// <param name="Events">At most a few hundred, in the order of the outbox.</param>
public sealed record EventEnvelope(string Source, IReadOnlyList<EventMessage> Events);
