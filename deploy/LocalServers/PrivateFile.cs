namespace TechMarket.LocalServers;

/// <summary>Files and directories that only this user may read.</summary>
public static class PrivateFile
{
    const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Writes a file of mode 0600, whole or not at all.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken ct)
    {
        var draft = $"{path}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions
        {
            Mode = System.IO.FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = FileMode,
        };
        await using (var file = new FileStream(draft, options))
        {
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Makes a directory of mode 0700; one that exists keeps its mode.</summary>
    public static void CreateDirectory(string path) => Directory.CreateDirectory(path, DirectoryMode);
}
