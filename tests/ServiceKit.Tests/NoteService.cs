using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TechMarket.Events;
using TechMarket.ServiceKit;
using TechMarket.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(TechMarket.ServiceKit.Tests.NoteFixture))]

namespace TechMarket.ServiceKit.Tests;

/// <summary>The smallest service that uses everything of the kit: it takes notes, announces them as closed needs and writes down what it hears.</summary>
public static class NoteService
{
    public static readonly ServiceDefinition Definition = new("notes", [typeof(NoteService).Assembly], Endpoints,
        [Consumer.On<NeedClosed>(OnNeedClosed)], (_, _) => { });

    static void Endpoints(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/notes", Take).ForRoles(Roles.Provider);
        routes.MapPost("/api/public-notes", Take).ForAnyone();
        routes.MapGet("/api/notes/{id:guid}", (Guid id) => Answer.NotFound).ForSignedIn();
        routes.MapGet("/api/faults", Fault).ForAnyone();
        routes.MapGet("/api/numbers", (int limit) => Answer.Ok(new { limit })).ForAnyone();
    }

    static IResult Fault() => throw new InvalidOperationException("the secret inside");

    static async Task<IResult> Take(TakeNoteRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var text = shape.Text("text", request.Text, 50);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        var id = Guid.CreateVersion7();
        await transaction.ExecuteAsync("insert into note (id, text) values (@id, @text)", new { id, text }, ct);
        transaction.Publish(id, new NeedClosed(id, 1, text, transaction.Now));
        transaction.Audit(caller, "note.taken", id, new { text });
        if (text == "never mind") return Answer.Refused(Refusals.WrongState);
        return await transaction.CommitAsync(Answer.Created($"/api/notes/{id}", new { id, text }), ct);
    }

    static async Task OnNeedClosed(NeedClosed e, Transaction transaction, IServiceProvider services, CancellationToken ct)
    {
        await transaction.ExecuteAsync("insert into heard (note, text) values (@NeedId, @Reason)", e, ct);
        if (e.Reason.StartsWith("poison", StringComparison.Ordinal))
        {
            var cured = await transaction.SingleOrDefaultAsync<bool>("select exists (select from note where text = 'cure ' || @NeedId)", e, ct);
            if (!cured) throw new InvalidOperationException("it cannot be applied");
        }
    }
}

public sealed record TakeNoteRequest(string? Text);

public sealed class NoteFixture : IAsyncLifetime
{
    public ServiceUnderTest Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await ServiceUnderTest.StartAsync(NoteService.Definition);

    public ValueTask DisposeAsync() => Service?.DisposeAsync() ?? default;
}
