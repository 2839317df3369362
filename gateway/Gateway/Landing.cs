using TechMarket.ServiceKit;

namespace TechMarket.Gateway;

/// <summary>The page at the door: what this is and where to go, in the caller's language. It needs no script.</summary>
static class Landing
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/", (HttpContext context) =>
            Results.Stream(Page(Language.Of(context) == "en" ? "landing-en.html" : "landing-zh.html"), "text/html; charset=utf-8"));
        app.MapGet("/site.css", () => Results.Stream(Page("site.css"), "text/css; charset=utf-8"));
        app.MapGet("/favicon.ico", () => Results.NoContent());
    }

    static Stream Page(string name) => typeof(Landing).Assembly.GetManifestResourceStream($"TechMarket.Gateway.Pages.{name}")!;
}
