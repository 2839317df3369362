using System.Globalization;
using System.Text;
using System.Xml;

namespace TechMarket.Listings.Interconnection;

/// <summary>Writes an answer of OAI-PMH (§3.2) in one pass.</summary>
sealed class OaiXml : IDisposable
{
    const string Oai = "http://www.openarchives.org/OAI/2.0/";
    const string DublinCore = "http://purl.org/dc/elements/1.1/";
    const string OaiDublinCore = "http://www.openarchives.org/OAI/2.0/oai_dc/";
    const string Schema = "http://www.w3.org/2001/XMLSchema-instance";

    readonly MemoryStream stream = new();
    readonly XmlWriter writer;
    readonly string host;

    public OaiXml(Uri baseUrl, OaiRequest request, DateTimeOffset now)
    {
        host = baseUrl.Host;
        writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, CheckCharacters = true });
        writer.WriteStartDocument();
        writer.WriteStartElement("OAI-PMH", Oai);
        writer.WriteAttributeString("xsi", "schemaLocation", Schema, $"{Oai} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd");
        Element("responseDate", Moment(now));
        writer.WriteStartElement("request", Oai);
        // A request that is wrong in itself is not repeated (§3.6).
        if (!request.Errors.Exists(error => error.Code is "badVerb" or "badArgument"))
        {
            writer.WriteAttributeString("verb", request.Verb);
            foreach (var (name, value) in request.Arguments) writer.WriteAttributeString(name, Clean(value));
        }

        writer.WriteString(baseUrl.ToString());
        writer.WriteEndElement();
    }

    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public void Error(OaiError error)
    {
        writer.WriteStartElement("error", Oai);
        writer.WriteAttributeString("code", error.Code);
        writer.WriteString(Clean(error.Message));
        writer.WriteEndElement();
    }

    public void Start(string name) => writer.WriteStartElement(name, Oai);

    public void End() => writer.WriteEndElement();

    public void Element(string name, string text) => writer.WriteElementString(name, Oai, Clean(text));

    public void Format()
    {
        Start("metadataFormat");
        Element("metadataPrefix", OaiRequest.DublinCore);
        Element("schema", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd");
        Element("metadataNamespace", OaiDublinCore);
        End();
    }

    public void Header(Achievement achievement)
    {
        Start("header");
        if (achievement.Status != "published") writer.WriteAttributeString("status", "deleted");
        Element("identifier", $"oai:{host}:{achievement.Id}");
        Element("datestamp", Moment(achievement.ChangedAt));
        foreach (var set in OaiSet.Of(achievement.Content)) Element("setSpec", set.Spec);
        End();
    }

    public void Record(Achievement achievement, Uri publicAddress)
    {
        Start("record");
        Header(achievement);
        if (achievement.Status == "published")
        {
            Start("metadata");
            Dublin(achievement, publicAddress);
            End();
        }

        End();
    }

    public void Token(OaiToken? token, int seen, int total)
    {
        Start("resumptionToken");
        writer.WriteAttributeString("completeListSize", total.ToString(CultureInfo.InvariantCulture));
        writer.WriteAttributeString("cursor", seen.ToString(CultureInfo.InvariantCulture));
        if (token is not null) writer.WriteString(token.ToString());
        End();
    }

    /// <summary>The finished answer.</summary>
    public string Text()
    {
        writer.WriteEndDocument();
        writer.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public void Dispose()
    {
        writer.Dispose();
        stream.Dispose();
    }

    /// <summary>Public fields alone (domain brief §6.1).</summary>
    void Dublin(Achievement achievement, Uri publicAddress)
    {
        var content = achievement.Content;
        writer.WriteStartElement("oai_dc", "dc", OaiDublinCore);
        writer.WriteAttributeString("xmlns", "dc", null, DublinCore);
        writer.WriteAttributeString("xsi", "schemaLocation", Schema, $"{OaiDublinCore} http://www.openarchives.org/OAI/2.0/oai_dc.xsd");
        Dc("title", content.Title);
        Dc("creator", [.. content.Completers.Select(completer => completer.Name)]);
        Dc("subject", [.. content.Keywords, content.TechField, content.IndustryCode]);
        Dc("description", content.Summary);
        Dc("publisher", content.HolderName ?? achievement.OrganisationName);
        Dc("date", achievement.PublishedAt?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Dc("type", content.Category);
        Dc("format", content.Form?.OutputForm);
        Dc("identifier", [achievement.RegistrationNo, new Uri(publicAddress, $"/api/achievements/{achievement.Id}").ToString(),
            .. content.IntellectualProperty.Select(right => right.Number)]);
        Dc("source", content.Form?.ProjectNo, achievement.Source is null ? null : $"{achievement.Source}: {achievement.SourceId}");
        Dc("language", content.Language);
        Dc("coverage", content.RegionCode);
        Dc("rights", [.. content.TransferModes]);
        writer.WriteEndElement();
    }

    void Dc(string name, params IReadOnlyList<string?> values)
    {
        foreach (var value in values.Where(value => !string.IsNullOrEmpty(value))) writer.WriteElementString(name, DublinCore, Clean(value!));
    }

    /// <summary>Records of outside sources may hold what XML cannot.</summary>
    static string Clean(string text)
    {
        if (text.All(XmlConvert.IsXmlChar)) return text;
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) clean.Append(text[i]);
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) clean.Append(text[i]).Append(text[++i]);
        }

        return clean.ToString();
    }
}
