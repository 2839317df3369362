using Microsoft.AspNetCore.Http.Features;
using TechMarket.ServiceKit;

namespace TechMarket.Gateway;

/// <summary>How large a request may be: a mebibyte, sixteen for imports.</summary>
static class BodyLimits
{
    public const long ImportBytesMax = 16 * 1024 * 1024;
    const long BytesMax = 1024 * 1024;

    public static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var max = context.Request.Path.Value!.EndsWith("/imports", StringComparison.Ordinal) ? ImportBytesMax : BytesMax;
        if (context.Request.ContentLength > max)
        {
            await new Answer(413, Problem.Of(413, Refusals.BodyTooLarge)).ExecuteAsync(context);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = max;
        await next(context);
    }
}
