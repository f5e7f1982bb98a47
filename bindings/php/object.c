/* How does an object show what it holds, without showing a secret?
 *
 * What an object holds stands in a C struct, never in PHP's property table: (array), foreach, var_export, json_encode and
 * get_object_vars find nothing there. Properties are read through a table of functions; var_dump and print_r show that table. */

#include "php_active.h"

static const active_property *property_of(zend_object *object, const zend_string *name)
{
	const active_property *property = ((const active_handlers *) object->handlers)->properties;
	for (; property->name; property++) {
		if (zend_string_equals_cstr(name, property->name, strlen(property->name))) {
			return property;
		}
	}
	return NULL;
}

static void unknown(zend_object *object, zend_string *name)
{
	zend_throw_error(NULL, "Undefined property %s::$%s", ZSTR_VAL(object->ce->name), ZSTR_VAL(name));
}

static void refuse(zend_object *object, zend_string *name)
{
	if (property_of(object, name)) {
		zend_throw_error(NULL, "%s::$%s is read-only", ZSTR_VAL(object->ce->name), ZSTR_VAL(name));
	} else {
		unknown(object, name);
	}
}

static zval *read_property(zend_object *object, zend_string *name, int type, void **cache_slot, zval *rv)
{
	const active_property *property = property_of(object, name);
	if (!property) {
		unknown(object, name);
		return &EG(uninitialized_zval);
	}
	ZVAL_NULL(rv);
	property->read(object, rv);
	/* To be written through a reference or an index: as a readonly property, unless it is an object, which looks after itself. */
	if (type != BP_VAR_R && type != BP_VAR_IS && Z_TYPE_P(rv) != IS_OBJECT) {
		zval_ptr_dtor(rv);
		refuse(object, name);
		return &EG(uninitialized_zval);
	}
	return rv;
}

static int has_property(zend_object *object, zend_string *name, int check, void **cache_slot)
{
	const active_property *property = property_of(object, name);
	if (!property || check == ZEND_PROPERTY_EXISTS) {
		return property != NULL;
	}
	zval value;
	ZVAL_NULL(&value);
	property->read(object, &value);
	int found = check == ZEND_PROPERTY_NOT_EMPTY ? zend_is_true(&value) : Z_TYPE(value) != IS_NULL;
	zval_ptr_dtor(&value);
	return found;
}

static zval *write_property(zend_object *object, zend_string *name, zval *value, void **cache_slot)
{
	refuse(object, name);
	return value;
}

static void unset_property(zend_object *object, zend_string *name, void **cache_slot)
{
	refuse(object, name);
}

static zval *no_pointer(zend_object *object, zend_string *name, int type, void **cache_slot)
{
	return NULL;
}

static HashTable *debug_info(zend_object *object, int *is_temp)
{
	HashTable *shown = zend_new_array(8);
	const active_property *property = ((const active_handlers *) object->handlers)->properties;
	for (; property->name; property++) {
		zval value;
		ZVAL_NULL(&value);
		property->read(object, &value);
		if (property->visibility == ACTIVE_SECRET && Z_TYPE(value) != IS_NULL) {
			zval_ptr_dtor(&value);
			ZVAL_STRING(&value, "[redacted]");
		}
		zend_hash_str_update(shown, property->name, strlen(property->name), &value);
	}
	*is_temp = 1;
	return shown;
}

void active_handlers_init(active_handlers *handlers, size_t offset, zend_object_free_obj_t free_obj, const active_property *properties)
{
	memcpy(&handlers->std, &std_object_handlers, sizeof(zend_object_handlers));
	handlers->std.offset = (int) offset;
	handlers->std.free_obj = free_obj;
	handlers->std.clone_obj = NULL;
	handlers->std.compare = zend_objects_not_comparable;
	handlers->std.read_property = read_property;
	handlers->std.write_property = write_property;
	handlers->std.has_property = has_property;
	handlers->std.unset_property = unset_property;
	handlers->std.get_property_ptr_ptr = no_pointer;
	handlers->std.get_debug_info = debug_info;
	handlers->properties = properties;
}

zend_object *active_object_new(zend_class_entry *ce, size_t size, const active_handlers *handlers)
{
	void *memory = zend_object_alloc(size, ce);
	zend_object *object = (zend_object *) ((char *) memory + handlers->std.offset);
	zend_object_std_init(object, ce);
	object_properties_init(object, ce);
	object->handlers = &handlers->std;
	return object;
}
