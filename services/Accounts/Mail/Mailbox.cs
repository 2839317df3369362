using System.Net.Mail;
using System.Threading.Channels;

namespace TechMarket.Accounts.Mail;

/// <summary>A letter to one person.</summary>
/// <param name="To">The address.</param>
/// <param name="Subject">In Chinese and English.</param>
/// <param name="Text">In Chinese and English.</param>
public sealed record Letter(string To, string Subject, string Text);

/// <summary>Sends letters by SMTP (<c>Smtp:Host</c>, <c>Smtp:Port</c>, <c>Smtp:From</c>, <c>Smtp:User</c>, <c>Smtp:Password</c>); until that is
/// configured they become files in <c>Files</c>/mail, where an operator finds them.</summary>
public sealed class Mailbox(IConfiguration configuration, TimeProvider clock, ILogger<Mailbox> logger) : BackgroundService
{
    const int TriesMax = 5;
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);
    readonly Channel<Letter> letters = Channel.CreateUnbounded<Letter>();

    /// <summary>Hands a letter in; it goes out in the background.</summary>
    public void Post(Letter letter) => letters.Writer.TryWrite(letter);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var letter in letters.Reader.ReadAllAsync(stoppingToken)) await SendAsync(letter, stoppingToken);
    }

    async Task SendAsync(Letter letter, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= TriesMax; attempt++)
        {
            try
            {
                using var client = Client();
                using var message = new MailMessage(configuration["Smtp:From"] ?? "techmarket@localhost", letter.To, letter.Subject, letter.Text);
                await client.SendMailAsync(message, ct);
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                logger.LogWarning("A letter could not be sent, try {Attempt}: {Message}", attempt, e.Message);
                if (attempt < TriesMax) await Task.Delay(RetryInterval, clock, ct);
            }
        }
    }

    SmtpClient Client()
    {
        if (configuration["Smtp:Host"] is { Length: > 0 } host)
        {
            var client = new SmtpClient(host, configuration.GetValue("Smtp:Port", 587)) { EnableSsl = configuration.GetValue("Smtp:Tls", true) };
            if (configuration["Smtp:User"] is { Length: > 0 } user)
                client.Credentials = new System.Net.NetworkCredential(user, configuration["Smtp:Password"]);
            return client;
        }

        var folder = Path.GetFullPath(Path.Combine(configuration["Files"] ?? Path.GetTempPath(), "mail"));
        Directory.CreateDirectory(folder);
        return new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder };
    }
}
