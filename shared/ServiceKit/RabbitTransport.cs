using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TechMarket.Events;

namespace TechMarket.ServiceKit;

/// <summary>Distributed: envelopes go to RabbitMQ through MassTransit, confirmed; every service has one quorum queue with one active
/// consumer, so that the order of each aggregate holds.</summary>
public sealed class RabbitTransport(IBus bus) : IEventTransport
{
    static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task SendAsync(EventEnvelope envelope, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(ConfirmTimeout);
        await bus.Publish(envelope, timeout.Token);
    }

    /// <summary>Connects a service to the broker.</summary>
    /// <param name="services">The service's own.</param>
    /// <param name="service">Its name; the queue is <c>techmarket.NAME</c>.</param>
    /// <param name="address">amqp://user:password@host:port/vhost.</param>
    internal static void Add(IServiceCollection services, string service, Uri address)
    {
        services.AddSingleton<IEventTransport, RabbitTransport>();
        services.AddMassTransit(bus =>
        {
            bus.AddConsumer<EnvelopeConsumer>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(address, host => host.PublisherConfirmation = true);
                rabbit.Message<EventEnvelope>(message => message.SetEntityName("techmarket.events"));
                rabbit.ReceiveEndpoint($"techmarket.{service}", endpoint =>
                {
                    endpoint.SetQuorumQueue();
                    endpoint.SetQueueArgument("x-single-active-consumer", true);
                    endpoint.PrefetchCount = 8;
                    endpoint.ConcurrentMessageLimit = 1;
                    endpoint.ConfigureConsumer<EnvelopeConsumer>(context);
                });
            });
        });
    }
}

/// <summary>Takes envelopes from the queue of a service. An outage is waited out here, because an envelope given back would be overtaken.</summary>
public sealed class EnvelopeConsumer(EventDelivery delivery, TimeProvider clock, ILogger<EnvelopeConsumer> logger) : IConsumer<EventEnvelope>
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<EventEnvelope> context)
    {
        while (true)
        {
            try
            {
                await delivery.DeliverAsync(context.Message.Events, context.CancellationToken);
                return;
            }
            catch (Exception e) when (!context.CancellationToken.IsCancellationRequested)
            {
                logger.LogWarning("Events from {Source} wait: {Message}", context.Message.Source, e.Message);
                await Task.Delay(RetryInterval, clock, context.CancellationToken);
            }
        }
    }
}
