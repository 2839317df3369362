using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace TechMarket.Accounts;

/// <summary>Random secrets that are shown once and kept as hashes.</summary>
static class Secrets
{
    const int Bytes = 32;

    /// <summary>A new secret, safe in links and headers.</summary>
    public static string New() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is kept of it. It is random and long, so one round of SHA-256 is enough.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
