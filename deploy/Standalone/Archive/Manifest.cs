using Dapper;
using Npgsql;

namespace TechMarket.Standalone.Archive;

/// <summary>What an archive holds.</summary>
/// <param name="Format">Of the archive itself.</param>
/// <param name="Version">Of the program that wrote it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Schemas">One a service.</param>
public sealed record Manifest(int Format, string Version, DateTimeOffset CreatedAt, IReadOnlyList<Manifest.Schema> Schemas)
{
    /// <summary>The format that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Its name in the archive, of which it is the first entry.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The state of a service's schema.</summary>
    /// <param name="Name">The schema.</param>
    /// <param name="Migrations">Those that had run.</param>
    /// <param name="Tables">Its tables, the record of migrations apart.</param>
    /// <param name="Sequences">Its sequences and their last values.</param>
    public sealed record Schema(string Name, IReadOnlyList<Migration> Migrations, IReadOnlyList<Table> Tables, IReadOnlyList<Sequence> Sequences)
    {
        /// <summary>Reads what a schema is made of, with no rows counted yet.</summary>
        public static async Task<Schema> ReadAsync(NpgsqlConnection connection, string name)
        {
            var migrations = await connection.QueryAsync<Migration>($"""select component, number from "{name}".migration order by component, number""");
            var columns = await connection.QueryAsync<(string Table, string Column)>("""
                select c.relname, a.attname
                from pg_class c join pg_attribute a on a.attrelid = c.oid
                where c.relnamespace = @name::regnamespace and c.relkind = 'r' and c.relname <> 'migration'
                  and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                order by c.relname, a.attnum
                """, new { name });
            var sequences = await connection.QueryAsync<Sequence>("""
                select sequencename as name, last_value as value from pg_sequences
                where schemaname = @name and last_value is not null order by sequencename
                """, new { name });
            return new Schema(name, migrations.AsList(),
                [.. columns.GroupBy(column => column.Table).Select(table => new Table(table.Key, [.. table.Select(column => column.Column)], 0))],
                sequences.AsList());
        }
    }

    /// <summary>A migration that had run.</summary>
    /// <param name="Component">The assembly it came from.</param>
    /// <param name="Number">Its number there.</param>
    public sealed record Migration(string Component, int Number);

    /// <summary>A table.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Columns">The columns that were copied, in this order; computed ones are left out.</param>
    /// <param name="Rows">How many rows.</param>
    public sealed record Table(string Name, IReadOnlyList<string> Columns, long Rows)
    {
        internal string ColumnsSql => string.Join(", ", Columns.Select(column => $"\"{column}\""));

        internal string Sql(string schema) => $"\"{schema}\".\"{Name}\"";
    }

    /// <summary>A sequence.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Value">The last value it gave.</param>
    public sealed record Sequence(string Name, long Value);

    /// <summary>Where a table's rows lie in the archive.</summary>
    internal static string EntryName(string schema, string table) => $"tables/{schema}/{table}";

    /// <summary>The table whose rows an entry holds; null for other entries.</summary>
    internal (string Schema, Table Table)? TableOf(string entry) =>
        Schemas.SelectMany(schema => schema.Tables.Select(table => (schema.Name, table)))
            .Where(one => EntryName(one.Name, one.table.Name) == entry).Select(one => ((string, Table)?)one).FirstOrDefault();
}
