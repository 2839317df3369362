using Npgsql;
using TechMarket.Accounts.Mail;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.People;

/// <summary>Somebody wants to sign in with another address: a letter goes to the new one, and its link makes the change.</summary>
public static class ChangeOfEmail
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/me/email", AskAsync).ForSignedIn().Produces(204).ProducesProblem(400).WithSummary("Ask for another e-mail address");
        routes.MapPost("/api/emails/confirmation", ConfirmAsync).ForAnyone().Produces(204).ProducesProblem(400).ProducesProblem(409)
            .WithSummary("Confirm the new address with the token of a letter");
    }

    static async Task<IResult> AskAsync(EmailRequest request, Caller caller, Database database, MailTokens mail, CancellationToken ct)
    {
        var shape = new Shape();
        var email = PersonRules.Email(shape, "email", request.Email);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        await mail.SendAsync(transaction, caller.PersonId, MailTokens.Email, email, email, ct);
        transaction.Audit(caller, "person.email_change_asked", caller.PersonId);
        await transaction.CommitAsync(ct);
        return Answer.Done;
    }

    static async Task<IResult> ConfirmAsync(TokenRequest request, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var token = shape.Text("token", request.Token, 200);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await MailTokens.UseAsync(transaction, token, MailTokens.Email, ct) is not { } used) return Answer.Refused(ForgottenPassword.LinkWorthless);
        try
        {
            await transaction.ExecuteAsync("update person set email = @Email where id = @PersonId and status <> 'erased'", used, ct);
        }
        catch (PostgresException e) when (e.ConstraintName == "person_email_is_unique")
        {
            return Answer.Refused(PersonRules.EmailTaken);
        }

        await MailTokens.ForgetAsync(transaction, used.PersonId, ct);
        transaction.Audit(null, "person.email_changed", used.PersonId);
        await transaction.CommitAsync(ct);
        return Answer.Done;
    }
}

/// <summary>Asks for another address.</summary>
/// <param name="Email">The new one.</param>
public sealed record EmailRequest(string? Email);

/// <summary>Uses the token of a letter.</summary>
/// <param name="Token">Works once.</param>
public sealed record TokenRequest(string? Token);
