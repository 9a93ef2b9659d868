using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Ram;

/// <summary>Writes the lists and objects of RAM's answers.</summary>
internal static class RamAnswers
{
    /// <summary>Writes one object.</summary>
    public static void Object<T>(ResponseWriter response, string name, T value, Action<ResponseWriter, T> write)
    {
        response.BeginObject(name);
        write(response, value);
        response.EndObject(name);
    }

    /// <summary>Writes a list that is whole.</summary>
    public static void List<T>(ResponseWriter response, string wrapper, string element, IEnumerable<T> items, Action<ResponseWriter, T> write)
    {
        response.BeginList(wrapper, element);
        foreach (var item in items)
        {
            response.BeginItem(element);
            write(response, item);
            response.EndItem(element);
        }
        response.EndList(wrapper);
    }

    /// <summary>Writes what a page ends with: whether more follows, and from where.</summary>
    public static void Page(ResponseWriter response, string? marker)
    {
        response.Boolean("IsTruncated", marker is not null);
        if (marker is not null) response.Text("Marker", marker);
    }
}
