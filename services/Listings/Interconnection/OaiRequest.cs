using System.Globalization;
using Microsoft.Extensions.Primitives;
using TechMarket.ServiceKit;

namespace TechMarket.Listings.Interconnection;

/// <summary>An error of OAI-PMH: part of an answer with status 200 (§3.6).</summary>
/// <param name="Code">badVerb, badArgument, badResumptionToken, cannotDisseminateFormat, idDoesNotExist, noRecordsMatch or noSetHierarchy.</param>
/// <param name="Message">For people.</param>
public sealed record OaiError(string Code, string Message);

/// <summary>Where a harvest goes on: everything that the next page depends on, so that a token outlives any restart.</summary>
/// <param name="From">The harvest's <c>from</c>.</param>
/// <param name="Until">The harvest's <c>until</c>.</param>
/// <param name="Set">The harvest's set.</param>
/// <param name="Seen">How many records came before.</param>
/// <param name="Total">How many there were when the harvest began.</param>
/// <param name="At">The datestamp of the last record, to the microsecond.</param>
/// <param name="Id">Its id.</param>
public sealed record OaiToken(string From, string Until, string Set, int Seen, int Total, DateTimeOffset At, Guid Id)
{
    const int Parts = 7;

    /// <summary>The token as it is sent.</summary>
    public override string ToString() => Cursor.Write(
        From, Until, Set, Seen.ToString(CultureInfo.InvariantCulture), Total.ToString(CultureInfo.InvariantCulture),
        At.UtcTicks.ToString(CultureInfo.InvariantCulture), Id.ToString("N"));

    /// <summary>Reads a token; null for anything that is none.</summary>
    public static OaiToken? Read(string text) =>
        Cursor.Read(text, Parts) is [var from, var until, var set, var seen, var total, var ticks, var id]
        && int.TryParse(seen, NumberStyles.None, CultureInfo.InvariantCulture, out var seenCount)
        && int.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var totalCount)
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTime.MaxValue.Ticks
        && Guid.TryParseExact(id, "N", out var guid)
            ? new OaiToken(from, until, set, seenCount, totalCount, new DateTimeOffset(at, TimeSpan.Zero), guid)
            : null;
}

/// <summary>The arguments of a request, checked by the rules of each verb (§3, §4).</summary>
public sealed class OaiRequest
{
    /// <summary>The one metadata format.</summary>
    public const string DublinCore = "oai_dc";

    static readonly Dictionary<string, (string[] Required, string[] Optional, bool TakesToken)> Verbs = new()
    {
        ["Identify"] = ([], [], false),
        ["ListMetadataFormats"] = ([], ["identifier"], false),
        ["ListSets"] = ([], [], true),
        ["GetRecord"] = (["identifier", "metadataPrefix"], [], false),
        ["ListIdentifiers"] = (["metadataPrefix"], ["from", "until", "set"], true),
        ["ListRecords"] = (["metadataPrefix"], ["from", "until", "set"], true),
    };

    readonly Dictionary<string, string> arguments = [];

    /// <summary>The verb; empty when there is none that is known.</summary>
    public string Verb { get; private set; } = "";

    /// <summary>What is wrong with it.</summary>
    public List<OaiError> Errors { get; } = [];

    /// <summary>The arguments as they were sent, for the answer's request element.</summary>
    public IReadOnlyDictionary<string, string> Arguments => arguments;

    /// <summary>The place to go on from.</summary>
    public OaiToken? Token { get; private set; }

    /// <summary>The first moment that is asked for.</summary>
    public DateTimeOffset? From { get; private set; }

    /// <summary>The first moment after what is asked for.</summary>
    public DateTimeOffset? Before { get; private set; }

    /// <summary>The set that is asked for.</summary>
    public OaiSet? Set { get; private set; }

    /// <summary>An argument, empty when it was not sent.</summary>
    public string this[string name] => arguments.GetValueOrDefault(name, "");

    /// <summary>Reads and checks the arguments of a query string or a form.</summary>
    public static OaiRequest Read(IEnumerable<KeyValuePair<string, StringValues>> sent)
    {
        var request = new OaiRequest();
        var all = sent.ToList();
        var verbs = all.Where(argument => argument.Key == "verb").SelectMany(argument => argument.Value).ToList();
        if (verbs is not [{ } verb] || !Verbs.TryGetValue(verb, out var rule))
        {
            request.Errors.Add(new OaiError("badVerb", "The verb is missing, repeated or unknown."));
            return request;
        }

        request.Verb = verb;
        foreach (var (name, values) in all.Where(argument => argument.Key != "verb"))
        {
            if (values.Count != 1) request.Bad($"The argument {Printable(name)} is repeated.");
            else if (!rule.Required.Contains(name) && !rule.Optional.Contains(name) && !(rule.TakesToken && name == "resumptionToken"))
                request.Bad($"The argument {Printable(name)} is not one of {verb}.");
            else request.arguments[name] = values[0] ?? "";
        }

        if (request.Errors.Count > 0) return request;
        if (request.arguments.ContainsKey("resumptionToken")) request.CheckToken();
        else
        {
            foreach (var name in rule.Required.Where(name => !request.arguments.ContainsKey(name))) request.Bad($"The argument {name} is missing.");
            if (request.Errors.Count == 0) request.CheckRange(request["from"], request["until"], request["set"]);
            if (request.Errors.Count == 0 && request.arguments.TryGetValue("metadataPrefix", out var prefix) && prefix != DublinCore)
                request.Errors.Add(new OaiError("cannotDisseminateFormat", $"Records are given as {DublinCore}."));
        }

        return request;
    }

    void CheckToken()
    {
        if (arguments.Count > 1) Bad("A resumptionToken stands alone.");
        else if (Verb == "ListSets" || OaiToken.Read(this["resumptionToken"]) is not { } token)
            Errors.Add(new OaiError("badResumptionToken", "The resumptionToken is none of this list."));
        else
        {
            Token = token;
            CheckRange(token.From, token.Until, token.Set);
            if (Errors.Count == 0) return;
            Errors.Clear();
            Errors.Add(new OaiError("badResumptionToken", "The resumptionToken is none of this list."));
        }
    }

    void CheckRange(string from, string until, string set)
    {
        if (from.Length > 0 && until.Length > 0 && from.Length != until.Length) Bad("from and until must be of the same granularity.");
        From = Moment("from", from, out _);
        var last = Moment("until", until, out var unit);
        Before = last + unit;
        if (From is not null && last is not null && From > last) Bad("from lies after until.");
        if (set.Length == 0) return;
        Set = OaiSet.Read(set);
        if (Set is null) Bad("There is no such set; see ListSets.");
    }

    DateTimeOffset? Moment(string name, string text, out TimeSpan unit)
    {
        unit = text.Length == "2026-01-01".Length ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(1);
        if (text.Length == 0) return null;
        if (DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) && moment.Year < 9999)
            return moment;
        Bad($"{name} must look like 2026-01-31 or 2026-01-31T12:00:00Z.");
        return null;
    }

    void Bad(string message) => Errors.Add(new OaiError("badArgument", message));

    static string Printable(string name) => string.Concat(name.Where(System.Xml.XmlConvert.IsXmlChar).Take(40));
}
