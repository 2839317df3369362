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

        if (context.Request.ContentLength is null) context.Request.Body = new Counted(context.Request.Body, max);
        await next(context);
    }

    /// <summary>A body whose length nobody announced. It is counted here and not by the server, which would cut the connection instead of
    /// reading the rest and telling the sender why.</summary>
    sealed class Counted(Stream body, long max) : Stream
    {
        long count;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => count; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await body.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => Count(body.Read(buffer, offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        int Count(int read) =>
            (count += read) <= max ? read : throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
    }
}
