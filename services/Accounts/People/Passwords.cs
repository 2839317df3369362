using Microsoft.AspNetCore.Identity;

namespace TechMarket.Accounts.People;

/// <summary>Hashes and checks passwords with the framework's hasher (PBKDF2).</summary>
public sealed class Passwords
{
    static readonly object Nobody = new();
    readonly PasswordHasher<object> hasher = new();
    readonly string nobodysHash;

    /// <summary>Prepares the hash that a sign-in without a person is checked against.</summary>
    public Passwords() => nobodysHash = hasher.HashPassword(Nobody, Guid.NewGuid().ToString());

    /// <summary>The hash to keep.</summary>
    public string Hash(string password) => hasher.HashPassword(Nobody, password);

    /// <summary>True when a password fits. Without a hash the same work is done, so that the time does not tell who is known here.</summary>
    public bool Fits(string? hash, string password) =>
        hasher.VerifyHashedPassword(Nobody, hash ?? nobodysHash, password) != PasswordVerificationResult.Failed && hash is not null;
}
