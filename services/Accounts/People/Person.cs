using TechMarket.ServiceKit;

namespace TechMarket.Accounts.People;

/// <summary>A person as the table holds it.</summary>
sealed class Person
{
    public const string Columns =
        "id, organisation_id, name, email, password_hash, roles, is_admin, status, failed_count, locked_until, created_at";

    public Guid Id { get; init; }

    public Guid? OrganisationId { get; init; }

    public string Name { get; init; } = "";

    public string Email { get; init; } = "";

    public string? PasswordHash { get; init; }

    public string[] Roles { get; init; } = [];

    public bool IsAdmin { get; init; }

    public string Status { get; init; } = "";

    public int FailedCount { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public PersonAnswer Answer() => new(Id, OrganisationId, Name, Email, Roles, IsAdmin, Status, CreatedAt);

    /// <summary>A colleague of the caller, locked; operators reach everyone.</summary>
    public static Task<Person?> LockAsync(Transaction transaction, Guid id, Caller caller, CancellationToken ct) =>
        transaction.SingleOrDefaultAsync<Person>(
            $"select {Columns} from person where id = @id and (@all or organisation_id = @OrganisationId) and status <> 'erased' for update",
            new { id, all = caller.Is(ServiceKit.Roles.Operator), caller.OrganisationId }, ct);
}

/// <summary>A person, as colleagues and operators see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OrganisationId">The organisation it acts for; null for operators.</param>
/// <param name="Name">Its name.</param>
/// <param name="Email">Signs in with it.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="IsAdmin">It administers the organisation's people.</param>
/// <param name="Status">active, invited, suspended or erased.</param>
/// <param name="CreatedAt">Since when it is here.</param>
public sealed record PersonAnswer(
    Guid Id, Guid? OrganisationId, string Name, string Email, IReadOnlyList<string> Roles, bool IsAdmin, string Status, DateTimeOffset CreatedAt);
