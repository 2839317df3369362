using TechMarket.Accounts.Mail;
using TechMarket.Accounts.Organisations;
using TechMarket.Accounts.Sessions;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.People;

/// <summary>A forgotten password, an accepted invitation: the link in a letter lets its reader set a password. Asking for a letter answers
/// the same whoever is known here.</summary>
public static class ForgottenPassword
{
    /// <summary>409: the link was used, is too old, or never was one.</summary>
    public static readonly Refusal LinkWorthless = new("link-worthless", "链接无效、已使用或已过期。", "The link is unknown, used or too old.");

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/passwords/forgotten", AskAsync).ForAnyone().Produces(204).ProducesProblem(400)
            .WithSummary("Ask for a letter to set a new password");
        routes.MapPost("/api/passwords/reset", (
            NewPasswordRequest request, Database database, Passwords passwords, SessionEnding ending, CancellationToken ct) =>
                SetAsync(request, MailTokens.Password, database, passwords, ending, ct))
            .ForAnyone().Produces(204).ProducesProblem(400).ProducesProblem(409).WithSummary("Set a new password with the token of a letter");
        routes.MapPost("/api/invitations/acceptance", (
            NewPasswordRequest request, Database database, Passwords passwords, SessionEnding ending, CancellationToken ct) =>
                SetAsync(request, MailTokens.Invitation, database, passwords, ending, ct))
            .ForAnyone().Produces(204).ProducesProblem(400).ProducesProblem(409).WithSummary("Accept an invitation by setting a password");
        routes.MapPost("/api/me/password", ChangeAsync).ForSignedIn().Produces(204).ProducesProblem(400).ProducesProblem(409)
            .WithSummary("Change one's own password");
    }

    /// <summary>409: the present password is another.</summary>
    public static readonly Refusal PresentIsWrong = new("present-password-wrong", "原口令不正确。", "The present password is another.");

    static async Task<IResult> AskAsync(ForgottenRequest request, Database database, MailTokens mail, CancellationToken ct)
    {
        var shape = new Shape();
        var email = PersonRules.Email(shape, "email", request.Email);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        var person = await transaction.SingleOrDefaultAsync<Guid?>("select id from person where email = @email and status = 'active'", new { email }, ct);
        if (person is { } id) await mail.SendAsync(transaction, id, MailTokens.Password, email, null, ct);
        await transaction.CommitAsync(ct);
        return Answer.Done;
    }

    static async Task<IResult> SetAsync(
        NewPasswordRequest request, string purpose, Database database, Passwords passwords, SessionEnding ending, CancellationToken ct)
    {
        var shape = new Shape();
        var token = shape.Text("token", request.Token, 200);
        PersonRules.Password(shape, "password", request.Password);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await MailTokens.UseAsync(transaction, token, purpose, ct) is not { } used) return Answer.Refused(LinkWorthless);
        var set = await transaction.ExecuteAsync("""
            update person set password_hash = @hash, failed_count = 0, locked_until = null,
                status = case status when 'invited' then 'active' else status end
            where id = @PersonId and status in ('active', 'invited')
            """, new { used.PersonId, hash = passwords.Hash(request.Password!) }, ct);
        if (set == 0) return Answer.Refused(LinkWorthless);
        var person = await transaction.SingleOrDefaultAsync<Person>($"select {Person.Columns} from person where id = @PersonId", used, ct);
        await Organisation.ReviewersMayHaveChangedAsync(transaction, person!.OrganisationId, person.Roles, ct);
        await MailTokens.ForgetAsync(transaction, used.PersonId, ct);
        await ending.EndOfPersonAsync(transaction, used.PersonId, ct);
        transaction.Audit(null, "person.password_set", used.PersonId, new { purpose });
        await transaction.CommitAsync(ct);
        return Answer.Done;
    }

    static async Task<IResult> ChangeAsync(
        ChangePasswordRequest request, Caller caller, Database database, Passwords passwords, SessionEnding ending, CancellationToken ct)
    {
        var shape = new Shape();
        shape.Require(request.PresentPassword is { Length: > 0 and <= 128 }, "presentPassword", "此项必填。", "This field is required.");
        PersonRules.Password(shape, "password", request.Password);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        var hash = await transaction.SingleOrDefaultAsync<string>("select password_hash from person where id = @PersonId for update", caller, ct);
        if (!passwords.Fits(hash, request.PresentPassword!)) return Answer.Refused(PresentIsWrong);
        await transaction.ExecuteAsync("update person set password_hash = @hash where id = @PersonId",
            new { caller.PersonId, hash = passwords.Hash(request.Password!) }, ct);
        await MailTokens.ForgetAsync(transaction, caller.PersonId, ct);
        await ending.EndOfPersonAsync(transaction, caller.PersonId, ct);
        transaction.Audit(caller, "person.password_changed", caller.PersonId);
        await transaction.CommitAsync(ct);
        return Answer.Done;
    }
}

/// <summary>Asks for a letter.</summary>
/// <param name="Email">The address one signs in with.</param>
public sealed record ForgottenRequest(string? Email);

/// <summary>Sets a password with the token of a letter.</summary>
/// <param name="Token">From the letter; works once.</param>
/// <param name="Password">8 to 128 characters.</param>
public sealed record NewPasswordRequest(string? Token, string? Password);

/// <summary>Changes one's password. Every session ends, this one too.</summary>
/// <param name="PresentPassword">The one that holds now.</param>
/// <param name="Password">8 to 128 characters.</param>
public sealed record ChangePasswordRequest(string? PresentPassword, string? Password);
