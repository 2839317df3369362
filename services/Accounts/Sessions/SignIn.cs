using TechMarket.Accounts.People;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Sessions;

/// <summary>Somebody signs in with e-mail and password, or a machine with an API key, and gets tokens. The answer is the same whether the
/// address is unknown, the password wrong or the account locked, and takes the same time.</summary>
public static class SignIn
{
    const int FailuresMax = 10;
    const int PasswordMax = 128;
    static readonly TimeSpan Lock = TimeSpan.FromMinutes(15);

    /// <summary>401: no such person, wrong password, locked or suspended.</summary>
    public static readonly Refusal Wrong = new("sign-in-failed", "邮箱或口令不正确，或账号暂时锁定。", "Wrong e-mail or password, or the account is locked for a while.");

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/tokens", HandleAsync).ForAnyone().Produces<TokenAnswer>().ProducesProblem(400).ProducesProblem(401).WithSummary("Sign in");

    static async Task<IResult> HandleAsync(
        SignInRequest request, HttpContext context, Database database, Passwords passwords, SessionMaking making, CancellationToken ct)
    {
        var shape = new Shape();
        var email = shape.Text("email", request.Email, 254).ToLowerInvariant();
        var password = request.Password ?? "";
        shape.Require(password.Length > 0, "password", "此项必填。", "This field is required.");
        shape.Require(password.Length <= PasswordMax, "password", $"最多 {PasswordMax} 个字符。", $"At most {PasswordMax} characters.");
        if (shape.Problem is { } problem) return problem;

        // Checked before the transaction begins: hashing is slow on purpose and holds no connection.
        var known = await database.SingleOrDefaultAsync<Bearer>($"{Bearer.Query} where p.email = @email", new { email }, ct);
        var fits = passwords.Fits(known?.PasswordHash, password);
        await using var transaction = await database.BeginAsync(ct);
        var bearer = known is null ? null : await transaction.SingleOrDefaultAsync<Bearer>(
            $"{Bearer.Query} where p.id = @PersonId for update of p", new { known.PersonId }, ct);
        if (bearer is not { Status: "active" } || bearer.LockedUntil > transaction.Now) return Failed();
        if (!fits || bearer.PasswordHash != known!.PasswordHash)
        {
            var isLocked = bearer.FailedCount + 1 >= FailuresMax;
            await transaction.ExecuteAsync("update person set failed_count = @failures, locked_until = @until where id = @PersonId",
                new
                {
                    bearer.PersonId,
                    failures = isLocked ? 0 : bearer.FailedCount + 1,
                    until = isLocked ? transaction.Now + Lock : (DateTimeOffset?)null,
                }, ct);
            if (isLocked) transaction.Audit(null, "person.locked", bearer.PersonId);
            await transaction.CommitAsync(ct);
            return Failed();
        }

        if (bearer.FailedCount > 0 || bearer.LockedUntil is not null)
            await transaction.ExecuteAsync("update person set failed_count = 0, locked_until = null where id = @PersonId", bearer, ct);
        return await making.BeginAsync(transaction, bearer, context.Request.Headers.UserAgent.ToString(), ct);
    }

    static Answer Failed() => new(401, Problem.Of(401, Wrong));
}

/// <summary>Signs in.</summary>
/// <param name="Email">The address.</param>
/// <param name="Password">The password.</param>
public sealed record SignInRequest(string? Email, string? Password);

/// <summary>Tokens of a session (RFC 6749 §5.1, in the market's spelling).</summary>
/// <param name="AccessToken">Sent as <c>Authorization: Bearer</c>.</param>
/// <param name="TokenType">Always Bearer.</param>
/// <param name="ExpiresIn">Seconds until the access token ends.</param>
/// <param name="RefreshToken">Gives the next pair, once.</param>
public sealed record TokenAnswer(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken);
