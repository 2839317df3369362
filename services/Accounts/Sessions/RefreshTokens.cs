using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Sessions;

/// <summary>The next pair of tokens of a session. A refresh token works once; when one comes a second time, somebody has stolen it, and the
/// session ends (RFC 9700 §4.14).</summary>
public static class RefreshTokens
{
    /// <summary>401: used, ended or never given.</summary>
    public static readonly Refusal Worthless = new("refresh-token-worthless", "刷新令牌已失效，请重新登录。", "The refresh token is worth nothing any more; sign in again.");

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/tokens/refresh", HandleAsync).ForAnyone().Produces<TokenAnswer>().ProducesProblem(400).ProducesProblem(401)
            .WithSummary("Get the next tokens of a session");

    static async Task<IResult> HandleAsync(
        RefreshRequest request, Database database, SessionMaking making, SessionEnding ending, CancellationToken ct)
    {
        var shape = new Shape();
        var token = shape.Text("refreshToken", request.RefreshToken, 200);
        if (shape.Problem is { } problem) return problem;
        if (token.Split('.') is not [var idText, var secret] || !Guid.TryParseExact(idText, "N", out var id)) return Refuse();

        await using var transaction = await database.BeginAsync(ct);
        var session = await transaction.SingleOrDefaultAsync<SessionRow>("""
            select person_id, refresh_hash, previous_refresh_hash, confined_to, expires_at from session
            where id = @id and ended_at is null for update
            """, new { id }, ct);
        if (session is null || session.ExpiresAt < transaction.Now) return Refuse();
        var hash = Secrets.Hash(secret);
        if (!hash.AsSpan().SequenceEqual(session.RefreshHash))
        {
            if (!hash.AsSpan().SequenceEqual(session.PreviousRefreshHash)) return Refuse();
            await ending.EndAsync(transaction, id, ct);
            transaction.Audit(null, "session.refresh_token_reused", id);
            await transaction.CommitAsync(ct);
            return Refuse();
        }

        var bearer = await transaction.SingleOrDefaultAsync<Bearer>($"{Bearer.Query} where p.id = @PersonId and p.status = 'active'", session, ct);
        if (bearer is null) return Refuse();
        var next = Secrets.New();
        await transaction.ExecuteAsync("""
            update session set previous_refresh_hash = refresh_hash, refresh_hash = @hash, last_used_at = @Now where id = @id
            """, new { id, hash = Secrets.Hash(next), transaction.Now }, ct);
        await transaction.CommitAsync(ct);
        return making.Answer(bearer.ConfinedTo(session.ConfinedTo), id, next);
    }

    static Answer Refuse() => new(401, Problem.Of(401, Worthless));

    sealed class SessionRow
    {
        public Guid PersonId { get; init; }

        public byte[] RefreshHash { get; init; } = [];

        public byte[]? PreviousRefreshHash { get; init; }

        public string[]? ConfinedTo { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }
    }
}

/// <summary>Asks for the next tokens.</summary>
/// <param name="RefreshToken">The one given last.</param>
public sealed record RefreshRequest(string? RefreshToken);
