using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace TechMarket.ServiceKit;

/// <summary>A POST that carries an <c>Idempotency-Key</c>: the same key and body gives the first answer again, another body 422. The answer
/// is stored in the transaction of the change itself (<see cref="Transaction.CommitAsync(Answer, CancellationToken)"/>), so a crash between
/// the two cannot happen.</summary>
sealed class IdempotentRequest(string caller, string key, byte[] requestHash)
{
    const int KeyLengthMax = 128;

    /// <summary>Answers a repeated request from memory, or lets a new one pass.</summary>
    public static async Task HandleAsync(HttpContext context, RequestDelegate next, NpgsqlDataSource database)
    {
        var header = context.Request.Headers["Idempotency-Key"];
        if (header.Count == 0 || !HttpMethods.IsPost(context.Request.Method))
        {
            await next(context);
            return;
        }

        var shape = new Shape();
        var value = header.ToString();
        shape.Require(value.Length is > 0 and <= KeyLengthMax && !Json.HasForbiddenCharacters(value), "Idempotency-Key",
            $"须为 1 至 {KeyLengthMax} 个字符。", $"Must have 1 to {KeyLengthMax} characters.");
        if (shape.Problem is { } problem)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        var who = Caller.Of(context);
        var request = new IdempotentRequest(
            who.IsSignedIn ? who.PersonId.ToString() : "anonymous", value, await HashAsync(context.Request, context.RequestAborted));
        await using (var connection = await database.OpenConnectionAsync(context.RequestAborted))
        {
            if (await request.FindAsync(connection, context.RequestAborted) is { } known)
            {
                await known.ExecuteAsync(context);
                return;
            }
        }

        context.Features.Set(request);
        await next(context);
    }

    /// <summary>The first answer to this key, 422 when it belongs to another request, null when the key is new.</summary>
    public async Task<IResult?> FindAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var stored = await connection.QuerySingleOrDefaultAsync<Stored>(new CommandDefinition(
            "select request_hash, status, location, body from idempotency where caller = @caller and key = @key",
            new { caller, key }, cancellationToken: ct));
        if (stored is null) return null;
        return stored.RequestHash.AsSpan().SequenceEqual(requestHash)
            ? new Repeated(stored)
            : new Answer(422, Problem.Of(422, Refusals.IdempotencyKeyReused));
    }

    public Task RememberAsync(Transaction transaction, Answer answer, HttpContext context, CancellationToken ct) =>
        transaction.ExecuteAsync("""
            insert into idempotency (caller, key, request_hash, status, location, body, created_at)
            values (@caller, @key, @requestHash, @Status, @Location, @body, @Now)
            """,
            new
            {
                caller,
                key,
                requestHash,
                answer.Status,
                answer.Location,
                transaction.Now,
                body = answer.Body is null ? null : JsonSerializer.Serialize(answer.Rendered(context), Json.Options),
            }, ct);

    static async Task<byte[]> HashAsync(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, ct)) > 0) hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    sealed record Stored(byte[] RequestHash, int Status, string? Location, string? Body);

    sealed class Repeated(Stored stored) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = stored.Status;
            if (stored.Location is not null) httpContext.Response.Headers.Location = stored.Location;
            if (stored.Body is null) return Task.CompletedTask;
            httpContext.Response.ContentType =
                stored.Status < 400 ? "application/json; charset=utf-8" : "application/problem+json; charset=utf-8";
            return httpContext.Response.WriteAsync(stored.Body, httpContext.RequestAborted);
        }
    }
}
