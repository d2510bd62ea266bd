namespace TimeSformer;

/// <summary>Disposes resources when their use fails.</summary>
internal static class Disposables
{
    /// <summary>Returns what `use` returns; disposes the resource if it throws.</summary>
    public static T OrDispose<TResource, T>(this TResource resource, Func<TResource, T> use)
        where TResource : IDisposable
    {
        try
        {
            return use(resource);
        }
        catch
        {
            resource.Dispose();
            throw;
        }
    }
}
