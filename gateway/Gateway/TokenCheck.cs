using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using TechMarket.ServiceKit;

namespace TechMarket.Gateway;

/// <summary>A token that is sent must be good: a bad one is refused at the door. Services check again, and whether the caller may.</summary>
static class TokenCheck
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        // Keys are fetched at the first token, so that the gateway may start before Accounts.
        if (configuration["Tokens:Jwks"] is null) configuration["Tokens:Authority"] ??= Routes.Address(configuration, "accounts").ToString();
        ServiceHost.AddTokens(services, configuration);
    }

    public static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.Authorization.Count > 0)
        {
            var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
            if (!result.Succeeded)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                await new Answer(401, Problem.Of(401, Refusals.NotSignedIn)).ExecuteAsync(context);
                return;
            }

            context.User = result.Principal;
        }

        await next(context);
    }
}
