using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using TechMarket.ServiceKit;
using TechMarket.TestKit;

namespace TechMarket.Accounts.Tests;

/// <summary>Somebody with tokens that Accounts made.</summary>
/// <param name="Client">Calls with the access token.</param>
/// <param name="AccessToken">The token itself.</param>
/// <param name="RefreshToken">Gives the next pair.</param>
public sealed record SignedIn(Client Client, string AccessToken, string RefreshToken)
{
    readonly JsonWebToken token = new(AccessToken);

    public Guid PersonId => Guid.Parse(token.Subject);

    public Guid SessionId => Guid.Parse(token.GetClaim(Claims.Session).Value);

    public Guid OrganisationId => Guid.Parse(token.GetClaim(Claims.Organisation).Value);

    public CallerOrganisation Organisation =>
        JsonSerializer.Deserialize<CallerOrganisation>(token.GetClaim(Claims.OrganisationState).Value, Json.Options)!;

    public IEnumerable<string> Roles => token.Claims.Where(claim => claim.Type == Claims.Role).Select(claim => claim.Value).Order();

    public string KeyId => token.Kid;

    public TimeSpan Lifetime => token.ValidTo - token.IssuedAt;
}
